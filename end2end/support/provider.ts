// A company's OpenID provider: the certified one of npm, on a port of its own, with people of whom it says what a test wants.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import Provider from 'oidc-provider';

/** What the provider says of somebody. */
export interface Person {
  email: string;
  email_verified: boolean;
}

const CLIENT = { id: 'vestibule', secret: 'a secret between the two of them' };

export class Company {
  readonly client = CLIENT;
  /** By the name that people sign in with there. */
  readonly people = new Map<string, Person>();
  readonly #server: Server;
  readonly issuer: string;

  /** Starts a provider that sends browsers back to `redirect` and nowhere else. */
  static async open(redirect: string): Promise<Company> {
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return new Company(server, redirect);
  }

  private constructor(server: Server, redirect: string) {
    this.#server = server;
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new Provider(this.issuer, {
      clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirect] }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      pkce: { required: () => true },
      cookies: { keys: ['of this test alone'] },
      findAccount: (_, sub) => {
        const person = this.people.get(sub);
        return person && { accountId: sub, claims: () => ({ sub, name: sub, ...person }) };
      },
    });
    const answer = provider.callback();
    server.on('request', (request, response) => {
      // Browsers ask for it; that there is none is no finding.
      if (request.url === '/favicon.ico') return void response.writeHead(204).end();
      void answer(request, response);
    });
  }

  /** Signs in on the provider's own pages, and agrees there. */
  async signIn(page: Page, name: string): Promise<void> {
    await page.locator('input[name="login"]').fill(name);
    await page.locator('input[name="password"]').fill('any will do');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  /** Does not agree. */
  async cancel(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'Cancel' }).click();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
