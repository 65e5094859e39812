// The fixtures: a server and a mailbox for each worker, people with browsers of their own for each test.

import { test as base, expect, type Page } from '@playwright/test';
import { Mailbox } from './mailbox.ts';
import { type Engine, type Start, Vestibule } from './vestibule.ts';
import { watch } from './watch.ts';

export { expect };

export const OWNER = { name: 'Olga Owner', email: 'olga@acme.example', password: 'tall ships and quiet harbours' };
export const PASSWORD = 'seven wooden bridges';

export interface Options {
  /** Where the servers of a project keep their data. */
  engine: Engine;
}

interface WorkerFixtures extends Options {
  /** The worker's own server, with `OWNER` in it, and the mailbox that it sends to. */
  shared: { vestibule: Vestibule; mailbox: Mailbox; session: () => Promise<string> };
}

interface Fixtures {
  /** Whatever went wrong in any browser of the test; it must stay empty. */
  troubles: string[];
  vestibule: Vestibule;
  mailbox: Mailbox;
  /** A browser in which the owner is signed in to the worker's server. */
  owner: Page;
  /** Opens a browser of somebody of whom nothing is known, at the worker's server or at another. */
  stranger: (at?: Vestibule) => Promise<Page>;
  /** Prepares another server that ends with the test; start it with `start()`. */
  another: (start?: Partial<Start>) => Promise<Vestibule>;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  engine: ['sqlite', { option: true, scope: 'worker' }],

  shared: [
    async ({ engine }, use) => {
      const mailbox = await Mailbox.open();
      const vestibule = await Vestibule.prepare({ engine, smtp: mailbox.port });
      try {
        await vestibule.createAdministrator(OWNER, 'owner');
        await vestibule.start();
        await use({ vestibule, mailbox, session: sessions(vestibule.url) });
        await vestibule.stop();
      } finally {
        await vestibule.remove();
        await mailbox.close();
      }
    },
    { scope: 'worker' },
  ],

  vestibule: ({ shared }, use) => use(shared.vestibule),
  mailbox: ({ shared }, use) => use(shared.mailbox),
  baseURL: ({ shared }, use) => use(shared.vestibule.url),

  troubles: [
    async ({ shared }, use, info) => {
      const [troubles, before]: [string[], number] = [[], shared.vestibule.log.length];
      await use(troubles);
      if (info.status !== info.expectedStatus) {
        await info.attach('server log', { body: shared.vestibule.log.slice(before), contentType: 'text/plain' });
      }
      expect(troubles, 'nothing went wrong in the browsers').toEqual([]);
    },
    { auto: true },
  ],

  context: async ({ context, troubles }, use) => {
    watch(context, troubles);
    await use(context);
  },

  owner: async ({ browser, shared, troubles }, use) => {
    const context = await browser.newContext();
    watch(context, troubles);
    await context.addCookies([{ name: 'vestibule', value: await shared.session(), url: shared.vestibule.url }]);
    await use(await context.newPage());
    await context.close();
  },

  stranger: async ({ browser, troubles }, use) => {
    const opened: Page[] = [];
    await use(async (at) => {
      const context = await browser.newContext(at && { baseURL: at.url });
      watch(context, troubles);
      const page = await context.newPage();
      opened.push(page);
      return page;
    });
    for (const page of opened) await page.context().close();
  },

  another: async ({ engine }, use, info) => {
    const made: Vestibule[] = [];
    await use(async (start) => {
      const vestibule = await Vestibule.prepare({ engine, ...start });
      made.push(vestibule);
      return vestibule;
    });
    for (const vestibule of made) {
      if (info.status !== info.expectedStatus) {
        await info.attach('log of another server', { body: vestibule.log, contentType: 'text/plain' });
      }
      await vestibule.remove();
    }
  },
});

/** Gives the owner's session, a new one every five minutes: after a quarter of an hour the console asks again who it is. */
function sessions(url: string): () => Promise<string> {
  let [session, since]: [Promise<string> | undefined, number] = [undefined, 0];
  return () => {
    if (!session || Date.now() - since > 5 * 60_000) [session, since] = [signedIn(url), Date.now()];
    return session;
  };
}

/** The session cookie of the owner after signing in by the form's own request. */
async function signedIn(url: string): Promise<string> {
  const form = new URLSearchParams({ username: OWNER.email, password: OWNER.password });
  const answer = await fetch(`${url}/do/sign_in`, { method: 'POST', body: form, headers: { accept: 'text/html' }, redirect: 'manual' });
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('vestibule='));
  const session = cookie?.match(/^vestibule=([^;]+)/)?.[1];
  if (!session) throw new Error(`the owner could not sign in: ${answer.status} ${answer.headers.get('location')}`);
  return session;
}

let people = 0;

/** An address that no other test of this worker uses. */
export function address(name: string): string {
  people += 1;
  return `${name}.${people}@example.com`;
}
