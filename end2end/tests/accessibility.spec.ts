// Every page in light and dark, as axe sees it.

import AxeBuilder from '@axe-core/playwright';
import { picture } from '../support/picture.ts';
import { expect, test } from '../support/test.ts';
import { console, porch, type Visit } from '../support/tour.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test.setTimeout(90_000);

    test('the user’s pages have no finding', async ({ owner, stranger, mailbox }) => {
      for await (const visit of porch({ owner, stranger, mailbox })) await examine(visit, colorScheme);
    });

    test('the console has no finding', async ({ owner, stranger, mailbox }) => {
      for await (const visit of console({ owner, stranger, mailbox })) await examine(visit, colorScheme);
    });
  });
}

async function examine([name, page]: Visit, scheme: string): Promise<void> {
  await picture(page, `${name} ${scheme}`);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const findings = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `  ${node.html}`).join('\n')}`,
  );
  expect.soft(findings, name).toEqual([]);
  // Axe leaves out what is disabled, and that is where the countdown stands.
  for (const button of await page.locator('.button:disabled').all()) {
    const [text, ground] = await button.evaluate(colours);
    expect.soft(contrast(text, ground), `${name}: the button that waits can be read`).toBeGreaterThanOrEqual(4.5);
  }
}

type Colour = [red: number, green: number, blue: number];

/** The colours of an element's text and of what is painted behind it. */
function colours(element: Element): [Colour, Colour] {
  const parts = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  let ground: Element | null = element;
  const painted = (one: Element): number[] => parts(getComputedStyle(one).backgroundColor);
  while (ground?.parentElement && painted(ground)[3] === 0) ground = ground.parentElement;
  return [parts(getComputedStyle(element).color) as Colour, painted(ground ?? element) as Colour];
}

/** The ratio of WCAG 2, from 1 to 21. */
function contrast(one: Colour, other: Colour): number {
  const luminance = (colour: Colour): number => {
    const [red, green, blue] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }) as Colour;
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
