// Every page of the site, one after the other, each in the state that a reader may find it in.

import { expect, type Page } from '@playwright/test';
import { addressLine, deliveriesTo, disable, eventually, invite, invited, section, unverified } from './console.ts';
import type { Mailbox } from './mailbox.ts';
import { askForCode, enterCode, wrong } from './porch.ts';
import { address, PASSWORD } from './test.ts';

export type Visit = [name: string, page: Page];

interface Places {
  owner: Page;
  stranger: () => Promise<Page>;
  mailbox: Mailbox;
}

/** The user's pages. */
export async function* porch({ owner, stranger, mailbox }: Places): AsyncGenerator<Visit> {
  const page = await stranger();
  const open = async (path: string): Promise<Page> => {
    await page.goto(path);
    return page;
  };
  yield ['code', await open('/')];
  yield ['sign-in', await open('/sign-in')];
  yield ['forgot', await open('/forgot')];
  yield ['reset by code', await open('/reset?problem=wrong&left=3')];
  yield ['reset link over', await open('/reset/unknown')];
  yield ['sign-in refused', await open('/sign-in?problem=sign-in')];
  yield ['set-up over', await open('/setup')];
  yield ['nothing here', await open('/no/such/page')];
  yield ['unavailable', await open('/unavailable')];
  yield ['link unknown', await open('/verify/unknown')];
  yield ['welcome over', await open('/welcome')];
  yield ['verified', await open('/verified')];

  const known = address('a.rather.long.address.that.someone.really.has');
  await unverified(owner, { name: 'Alexandra Wolfeschlegelsteinhausenbergerdorff', email: known });
  await mailbox.next(known);
  await askForCode(page, known);
  yield ['code asked for', page];
  const letter = await mailbox.next(known);
  await enterCode(page, known, wrong(letter.code));
  yield ['code wrong', page];
  await page.getByLabel('Email address').fill('a@b@c');
  await page.goto('/?problem=address&why=two-ats');
  yield ['address wrong', page];
  yield ['link', await open(letter.link)];
  const handle = new URL(page.url()).pathname;
  yield ['code by handle', await open(`${handle}?problem=wrong&left=1`)];
  for (const over of ['replaced', 'expired', 'out-of-tries']) {
    yield [`code ${over}`, await open(`${handle}?problem=${over}`)];
  }
  await enterCode(page, known, letter.code);
  yield ['code used', await open(handle)];

  const guest = address('guest');
  await invited(owner, { name: 'Guest of Honour', email: guest, words: 'Come in, the door is open.\n'.repeat(4) });
  const invitation = await mailbox.next(guest);
  yield ['invite', await open(invitation.link)];
  await owner.goto(invitation.link);
  yield ['somebody else', owner];
  yield ['decline', await open(invitation.decline)];
  await page.goto(invitation.link);
  await page.getByRole('button', { name: 'Accept the invite' }).click();
  yield ['welcome', page];
  yield ['welcome refused', await open('/welcome?problem=password-common&why=own')];
  await page.getByLabel('Password').fill('abcdefghijklmn');
  await expect(page.locator('.strength')).not.toBeEmpty();
  yield ['welcome hint', page];
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set password' }).click();
  yield ['welcome done', page];
  yield ['me', await open('/me')];
  yield ['invite used', await open(invitation.link)];
}

/** The console. */
export async function* console({ owner, mailbox }: Places): AsyncGenerator<Visit> {
  const open = async (path: string): Promise<Page> => {
    await owner.goto(path);
    return owner;
  };
  const [email, bounced, late] = [address('with.a.long.address.of.its.own'), address('bounced'), address('late')];
  mailbox.refuse(bounced, 550, '5.1.1 The email account that you tried to reach does not exist');
  mailbox.refuse(late, 451, '4.7.1 Greylisted, please come back in a quarter of an hour');
  await invite(owner, { name: 'Bounced Person', email: bounced });
  await invite(owner, { name: 'Late Person', email: late });
  const line = await deliveriesTo(owner, late);
  await eventually(owner, () => expect(line.locator('.state')).toHaveText('Deferred'));

  yield ['overview', await open('/console')];
  yield ['confirm', await open('/confirm?back=%2Fconsole')];
  yield ['users', await open('/console/users')];
  yield ['users none', await open('/console/users?search=nobodyatall')];
  yield ['invites', await open('/console/invites')];
  yield ['invites none', await open('/console/invites?state=expired')];
  yield ['deliveries', await open('/console/deliveries')];
  await owner.getByText('Send a test mail').click();
  yield ['test mail', owner];
  yield ['hand-over none', await open('/console/hand-over')];
  yield ['nothing here, console', await open('/console/users/nobody')];
  yield ['new invite', await open('/console/invites/new')];
  await owner.getByLabel('Name', { exact: true }).fill('Somebody');
  await owner.getByLabel('Email address').fill('somebody@nowhere');
  await owner.getByRole('button', { name: 'Send the invite' }).click();
  yield ['new invite refused', owner];

  const keys = section(owner, 'API keys');
  await owner.goto('/console/keys');
  await keys.locator('summary').click();
  yield ['new key', owner];
  await keys.getByLabel('Name').fill('The program in the cellar that sends every morning what came in over night');
  await keys.getByRole('checkbox').first().check();
  await keys.locator('form button').click();
  yield ['key made', owner];
  await keys.getByRole('link', { name: 'Revoke' }).first().click();
  yield ['revoke key', owner];
  yield ['new client refused', await open('/console/keys?for=client&name=Shop&scopes=&days=30&problem=scopes')];
  yield ['settings', await open('/console/settings')];
  yield ['settings refused', await open('/console/settings?problem=policy&field=cool_down')];

  await invited(owner, { name: 'Ottoline Leyser-Featherstonehaugh', email, words: 'Bring the seeds.' });
  yield ['user', owner];
  const user = owner.url().replace(/\?.*/, '');
  await addressLine(owner, email).getByRole('link', { name: 'Mark verified' }).click();
  yield ['mark verified', owner];
  await owner.getByLabel('Reason').fill('Known in person');
  await owner.getByRole('dialog').getByRole('button', { name: 'Mark verified' }).click();
  await addressLine(owner, email).getByRole('link', { name: 'Un-verify' }).click();
  yield ['un-verify', owner];
  await owner.goto(user);
  const second = address('second');
  await owner.getByLabel('Add an address').fill(second);
  await owner.getByRole('button', { name: 'Add address' }).click();
  await addressLine(owner, second).getByRole('link', { name: 'Remove' }).click();
  yield ['remove', owner];
  await owner.goto(user);
  await addressLine(owner, second).getByRole('button', { name: 'Send a code' }).click();
  await addressLine(owner, second).getByRole('button', { name: 'Show link and code' }).click();
  yield ['hand-over', owner];
  await owner.goto(user);
  await section(owner, 'Invite').getByRole('link', { name: 'Revoke' }).click();
  yield ['revoke invite', owner];
  await owner.goto(user);
  await owner.getByRole('link', { name: 'Disable' }).click();
  yield ['disable', owner];
  await owner.goto(user);
  await disable(owner);
  yield ['user disabled', owner];
  expect(await section(owner, 'Email addresses').count()).toBe(1);
}
