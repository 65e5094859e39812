// Every page on a phone of 320 by 640: nothing stands outside, and what is pressed is large enough.

import { addressLine, unverified } from '../support/console.ts';
import { picture } from '../support/picture.ts';
import { address, expect, test } from '../support/test.ts';
import { console, porch, type Visit } from '../support/tour.ts';

test.setTimeout(60_000);

test('no user’s page is wider than the phone', async ({ owner, stranger, mailbox }) => {
  for await (const visit of porch({ owner, stranger, mailbox })) await measure(visit);
});

test('no page of the console is wider than the phone', async ({ owner, stranger, mailbox }) => {
  for await (const visit of console({ owner, stranger, mailbox })) await measure(visit);
});

for (const [locale, word, direction] of [
  ['de-DE', 'Code', 'ltr'],
  ['fr-FR', 'code', 'ltr'],
  ['es-ES', 'código', 'ltr'],
  ['ja-JP', 'コード', 'ltr'],
  ['ar-EG', 'رمز', 'rtl'],
] as const) {
  test.describe(locale, () => {
    test.use({ locale });
    test(`the pages speak ${locale}`, async ({ page }) => {
      for (const path of ['/', '/sign-in', '/?problem=wrong&left=3', '/welcome', '/verify/unknown', '/?done=sent']) {
        await page.goto(path);
        await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
        await expect(page.locator('html')).toHaveAttribute('dir', direction);
        await expect(page.getByRole('main')).toContainText(new RegExp(word, 'i'));
        await measure([`${locale} ${path}`, page]);
      }
    });
  });
}

test('a phone offers the code’s keyboard and what came by message', async ({ owner, stranger, mailbox }) => {
  const email = address('phone');
  await unverified(owner, { name: 'Phone Person', email });
  await mailbox.next(email);
  await addressLine(owner, email).getByRole('button', { name: 'Send a code' }).click();
  const page = await stranger();
  await page.goto((await mailbox.next(email)).link);
  await page.context().clearCookies({ name: 'vestibule_link' });
  await page.reload();
  const field = page.getByLabel('Code', { exact: true });
  await expect(field).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(field).toHaveAttribute('autocapitalize', 'characters');
  await field.pressSequentially('bcdfghjk');
  await expect(field, 'groups appear while typing').toHaveValue('BCDF-GHJK');
});

async function measure([name, page]: Visit): Promise<void> {
  await picture(page, `${name} phone`);
  // What is folded is measured as it is once somebody opens it.
  await page.evaluate(() => document.querySelectorAll('details').forEach((folded) => (folded.open = true)));
  const wide = await page.evaluate(() => {
    const outside = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && !element.closest('.scroll, .visually-hidden, .skip') && (box.right > innerWidth + 0.5 || box.left < -0.5);
    });
    const scrolls = document.documentElement.scrollWidth > innerWidth;
    return [...(scrolls ? ['the page scrolls sideways'] : []), ...outside.map((element) => element.outerHTML.slice(0, 120))];
  });
  expect.soft(wide, name).toEqual([]);
  // Text that has to be scrolled to within a part of the page is cut off for who does not know.
  const hidden = await page.evaluate(() =>
    [...document.querySelectorAll('.scroll')]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => element.getAttribute('aria-label')),
  );
  expect.soft(hidden, `${name}: nothing scrolls sideways`).toEqual([]);
  // WCAG 2.2, 2.5.8: 24 by 24, unless it stands within a sentence.
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, .button, input:not([type=hidden]), select, nav a')]
      .filter((element) => element.checkVisibility())
      .filter((element) => element.getBoundingClientRect().height < 24)
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect.soft(small, `${name}: large enough to press`).toEqual([]);
}
