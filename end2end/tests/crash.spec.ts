// The process is killed between the steps: nothing is lost, and nothing happens twice.

import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { deliveriesTo, eventually, history, invite, signIn } from '../support/console.ts';
import { type Answer, ask, key } from '../support/machine.ts';
import { Mailbox } from '../support/mailbox.ts';
import { enterCode, expectHeading } from '../support/porch.ts';
import { expect, OWNER, PASSWORD, test } from '../support/test.ts';

test('an invite outlives a kill before its mail is sent, and after its code is used', async ({ another, stranger }) => {
  // The mail server is not there when the invite is made, and Vestibule tries again after a quarter of a minute.
  test.setTimeout(90_000);
  const before = await Mailbox.open();
  const { port } = before;
  await before.close();
  const vestibule = await another({ smtp: port });
  await vestibule.createAdministrator(OWNER, 'owner');
  await vestibule.start();
  const [owner, person] = [await stranger(vestibule), await stranger(vestibule)];
  const email = 'grace@example.com';

  await signIn(owner, OWNER.email, OWNER.password);
  await expect(owner).toHaveURL(/\/console$/);
  await invite(owner, { name: 'Grace Hopper', email });
  await expect(owner.getByRole('status')).toHaveText('The invite is on its way.');
  const line = await deliveriesTo(owner, email);
  await eventually(owner, () => expect(line.locator('.state')).toHaveText('Deferred'));

  await loaded(owner, person);
  await vestibule.kill();
  const mailbox = await Mailbox.open(port);
  await vestibule.start();
  const { code } = await mailbox.next(email, 30_000);
  await eventually(owner, () => expect(line.locator('.state'), 'the session lives on as well').toHaveText('Sent'));

  await enterCode(person, email, code);
  await expectHeading(person, 'Welcome, Grace Hopper');
  await loaded(owner, person);
  await vestibule.kill();
  await vestibule.start();
  await person.getByLabel('Password').fill(PASSWORD);
  await person.getByRole('button', { name: 'Set password' }).click();
  await expectHeading(person, 'You are in');

  await enterCode(person, email, code);
  await expectHeading(person, 'This code has been used');
  await owner.goto('/console/users');
  await owner.getByRole('link', { name: 'Grace Hopper', exact: true }).click();
  await expect(history(owner).filter({ hasText: 'Verified by invite' })).toHaveCount(1);
  expect((await mailbox.next(email)).subject, 'the next mail is the notice').toMatch(/^A password was set/);
  expect(mailbox.count(email)).toBe(2);
  await mailbox.close();
});

/** Waits until the pages have fetched all that they want: the kill is to interrupt Vestibule, not their scripts. */
async function loaded(...pages: Page[]): Promise<void> {
  await Promise.all(pages.map((page) => page.waitForLoadState('networkidle')));
}

/** How long after each start the process is killed, in milliseconds: in the midst of requests, mails and commits. */
const LIVES = [120, 300, 60, 450, 200, 90, 700, 150, 380, 250];

test('killed again and again, no mail is lost, no proof doubled, no code good twice', async ({ another, stranger }) => {
  // A mail whose sender was killed is sent again when its lease ends, after two minutes.
  test.setTimeout(240_000);
  const mailbox = await Mailbox.open();
  mailbox.dawdle(80);
  const vestibule = await another({ smtp: mailbox.port });
  await vestibule.createAdministrator(OWNER, 'owner');
  const bearer: [string, string][] = [
    ['Authorization', `Bearer ${await key(vestibule, 'storm')}`],
    ['Content-Type', 'application/json'],
  ];
  let running = vestibule.start();

  /** Asks until there is an answer: a request that was cut off may have been carried out, or not. */
  const insist = async (path: string, body: object): Promise<Answer> => {
    for (;;) {
      await running;
      try {
        return await ask(vestibule, path, { headers: bearer, body: JSON.stringify(body) });
      } catch {
        await pause(20);
      }
    }
  };
  const yes: Record<string, number> = {};
  const person = async (number: number): Promise<void> => {
    const [userId, email] = [`storm-${number}`, `storm.${number}@example.com`];
    const made = await insist('/v2/users/human', {
      userId,
      profile: { givenName: 'Storm', familyName: `${number}` },
      email: { email, sendCode: {} },
    });
    // 409 where the request that was cut off is under way still, and takes the user name; 400 where it has taken the id.
    const there = /User already exists|Errors\.User\.AlreadyExisting/.test(made.text);
    expect(made.status === 200 || there, `made now, or by the request that was cut off: ${made.status} ${made.text}`).toBe(true);
    const { code } = await mailbox.next(email, 180_000);
    const verify = { verificationCode: code };
    const answers = await Promise.all([1, 2, 3].map(() => insist(`/v2/users/${userId}/email/verify`, verify)));
    yes[userId] = answers.filter(({ status }) => status === 200).length;
    expect(answers.every(({ status }) => status === 200 || status === 400), JSON.stringify(answers)).toBe(true);
  };
  const people = Array.from({ length: 16 }, (_, number) => pause(150 * number).then(() => person(number)));
  const done = Promise.all(people);
  for (const life of LIVES) {
    await running;
    await pause(life);
    running = vestibule.kill().then(() => vestibule.start());
  }
  await done;

  const owner = await stranger(vestibule);
  await signIn(owner, OWNER.email, OWNER.password);
  await expect(owner).toHaveURL(/\/console$/);
  for (const [userId, successes] of Object.entries(yes)) {
    expect(successes, 'a code is good once; who was told may have been cut off').toBeLessThan(2);
    await owner.goto(`/console/users/${userId}`);
    await expect(history(owner).filter({ hasText: 'Verified by code' }), userId).toHaveCount(1);
  }
  expect(Object.keys(yes)).toHaveLength(people.length);
  expect((await vestibule.run('audit', 'verify')).join()).toContain('the log is whole');
  await mailbox.close();
});
