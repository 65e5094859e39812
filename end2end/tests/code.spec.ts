// The code page: right, sloppy, wrong, used and spent codes, and strangers who ask.

import { addressLine, unverified } from '../support/console.ts';
import { askForCode, enterCode, expectHeading, wrong } from '../support/porch.ts';
import { address, expect, test } from '../support/test.ts';

test('a code that was asked for is typed as sloppily as people type', async ({ owner, stranger, mailbox }) => {
  const email = address('grete');
  await unverified(owner, { name: 'Grete Hermann', email });
  await mailbox.next(email);

  const page = await stranger();
  await askForCode(page, email.toUpperCase());
  await expect(page.getByText('If this address is waiting to be verified')).toBeVisible();
  const letter = await mailbox.next(email);
  expect(letter.subject).toBe('Your code for Acme');
  expect(letter.code).toMatch(/^\w{4}-\w{4}$/);

  const [front, back] = letter.code.toLowerCase().split('-');
  await page.getByLabel('Code', { exact: true }).fill(` ${front?.split('').join(' ')} – ${back}. `);
  await page.getByRole('button', { name: 'Verify email' }).click();
  await expectHeading(page, 'Your email address is verified');
  await owner.reload();
  await expect(addressLine(owner, email)).toContainText('Verified by code on ');

  const again = await stranger();
  await enterCode(again, email, letter.code);
  await expectHeading(again, 'This code has been used');
});

test('wrong codes count down, and the way forward is a new code', async ({ owner, stranger, mailbox }) => {
  const email = address('hedy');
  await unverified(owner, { name: 'Hedy Lamarr', email });
  await mailbox.next(email);
  await addressLine(owner, email).getByRole('button', { name: 'Send a code' }).click();
  const { code } = await mailbox.next(email);

  const page = await stranger();
  const field = page.getByLabel('Code', { exact: true });
  await enterCode(page, email, 'hello world, this is no code');
  await expect(field).toHaveAccessibleDescription(/no try was spent/);
  for (const left of [4, 3, 2]) {
    await enterCode(page, email, wrong(code));
    await expect(field).toHaveAccessibleDescription(new RegExp(`^That is not the code. Tries left: ${left}\\.`));
    await expect(page.getByLabel('Email address'), 'the address need not be typed again').toHaveValue(email);
  }
  await enterCode(page, email, wrong(code));
  await expect(field).toHaveAccessibleDescription(/^That is not the code. One try is left\./);
  await enterCode(page, email, wrong(code));
  await expectHeading(page, 'This code is out of tries');
  await expect(page.getByText('Your account is fine')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Send (me a code|again in)/ }), 'the way forward').toBeVisible();
  await enterCode(page, email, code);
  await expectHeading(page, 'This code is out of tries');

  await owner.reload();
  await expect(addressLine(owner, email)).toContainText('tries left: 0');
});

test('an unknown address gets the same words as a known one', async ({ owner, stranger, mailbox }) => {
  const [known, unknown] = [address('ida'), address('nobody')];
  await unverified(owner, { name: 'Ida Rhodes', email: known });
  await mailbox.next(known);

  const seen: string[][] = [];
  for (const email of [known, unknown]) {
    const [page, words] = [await stranger(), [] as string[]];
    const note = async (): Promise<void> => {
      const text = await page.getByRole('main').innerText();
      // The button counts, or is about to.
      words.push(text.replaceAll(/Send (me a code|again in \d:\d\d)/g, 'SEND').replaceAll(email, 'ADDRESS'));
    };
    await askForCode(page, email);
    await expect(page).toHaveURL(/done=sent$/);
    await note();
    for (let tries = 0; tries < 6; tries += 1) {
      await enterCode(page, email, 'BBBB-BBBB');
      await expect(page).toHaveURL(/problem=/);
      await note();
    }
    seen.push(words);
  }
  expect(seen[1]).toEqual(seen[0]);
  expect(mailbox.count(unknown)).toBe(0);
});

test('what is no address is said beside the field', async ({ stranger, javaScriptEnabled }) => {
  const page = await stranger();
  // A browser says so itself before it sends anything, unless the button that asks for a code is pressed.
  test.skip(!javaScriptEnabled, 'the same with and without script');
  await page.goto('/');
  await page.getByLabel('Email address').fill('grace@@example.com');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await expect(page.getByLabel('Email address')).toHaveAccessibleDescription('The address has two @ signs.');
  await expect(page.getByLabel('Email address')).toBeFocused();
});

test('another code cannot be asked for at once', async ({ stranger, javaScriptEnabled }) => {
  const page = await stranger();
  await askForCode(page, address('joan'));
  const button = page.getByRole('button', { name: /^Send/ });
  if (javaScriptEnabled) {
    await expect(button).toBeDisabled();
    const before = await seconds(button.innerText());
    await expect.poll(() => seconds(button.innerText()), { message: 'it counts' }).toBeLessThan(before);
    const left = await seconds(button.innerText());
    await page.reload();
    await expect(button).toBeDisabled();
    expect(await seconds(button.innerText()), 'it survives a reload').toBeLessThanOrEqual(left);
    expect(await seconds(button.innerText())).toBeGreaterThan(left - 10);
  } else {
    await button.click();
    await expect(page.getByRole('alert')).toHaveText(
      /^A mail was sent just now\. The next one can be sent in (0:[0-5]\d|1:00)\.$/,
    );
  }
});

async function seconds(text: Promise<string>): Promise<number> {
  const [, minutes, rest] = (await text).match(/^Send again in (\d):(\d\d)$/) ?? [];
  return Number(minutes) * 60 + Number(rest);
}
