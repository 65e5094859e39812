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
}
