// An app that relies on us: a certified OpenID client on a port of its own, and a person in a browser between the two.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import * as oidc from 'openid-client';
import { invited } from '../support/console.ts';
import { address, expect, PASSWORD, test } from '../support/test.ts';
import type { Vestibule } from '../support/vestibule.ts';

const SCOPE = 'openid profile email offline_access write';

test('a person signs in to an app, which then knows whether the address is proven', async ({ owner, stranger, vestibule, mailbox }) => {
  const email = address('grace');
  await invited(owner, { name: 'Grace Hopper', email });
  const person = await stranger();
  await accept(person, (await mailbox.next(email)).link);
  await person.context().clearCookies();

  const shop = await Shop.open(vestibule);
  const { config } = shop;
  let tokens: Tokens;

  await test.step('it asks, they sign in and agree, and it gets its tokens', async () => {
    const started = await shop.begin({ login_hint: email });
    await person.goto(started.url);
    await expect(person).toHaveURL(`${vestibule.url}/sign-in`);
    await person.getByLabel('Email or username').fill(email);
    await person.getByLabel('Password').fill(PASSWORD);
    await person.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(person.getByRole('heading', { level: 1 })).toHaveText('Shop would like to know who you are');
    await expect(person.getByRole('listitem')).toHaveText([
      'That it is you',
      'Your name and your profile',
      'Your email address, and whether it is verified',
      'All of this also later, while you are away',
      'It may also change your account and, as far as your role goes, other users',
    ]);
    await person.getByRole('button', { name: 'Allow', exact: true }).click();
    tokens = await shop.finish(person, started);
    const claims = tokens.claims();
    expect(claims).toMatchObject({ iss: vestibule.url, aud: shop.id, email, email_verified: true, amr: ['pwd'] });
    expect(tokens.scope).toBe(SCOPE);
  });

  await test.step('the next time nobody is asked', async () => {
    const started = await shop.begin({ prompt: 'none' });
    await person.goto(started.url);
    const silent = await shop.finish(person, started);
    expect(silent.claims()?.sub).toBe(tokens.claims()?.sub);
    expect(silent.claims()?.sid).toBe(tokens.claims()?.sid);
  });

  const sub = tokens!.claims()?.sub ?? '';
  await test.step('it refreshes, and a refresh token is good once', async () => {
    const first = tokens.refresh_token ?? '';
    tokens = await oidc.refreshTokenGrant(config, first);
    expect(tokens.refresh_token).not.toBe(first);
    expect(tokens.claims()?.sub).toBe(sub);
    const info = await oidc.fetchUserInfo(config, tokens.access_token, sub);
    expect(info).toMatchObject({ sub, email, email_verified: true, name: 'Grace Hopper', given_name: 'Grace', locale: 'en' });
  });

  await test.step('the person changes the address and proves it, all by the token', async () => {
    const another = address('hopper');
    await shop.api(tokens, 'PUT', '/auth/v1/users/me/email', { email: another });
    const before = await oidc.fetchUserInfo(config, tokens.access_token, sub);
    expect(before).toMatchObject({ email: another, email_verified: false });
    const { code } = await mailbox.next(another);
    await shop.api(tokens, 'POST', '/auth/v1/users/me/email/_verify', { code });
    const after = await oidc.fetchUserInfo(config, tokens.access_token, sub);
    expect(after).toMatchObject({ email: another, email_verified: true });
  });

  await test.step('a stolen refresh token ends it all', async () => {
    const stolen = tokens.refresh_token ?? '';
    const next = await oidc.refreshTokenGrant(config, stolen);
    await expect(oidc.refreshTokenGrant(config, stolen)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(oidc.fetchUserInfo(config, next.access_token, sub)).rejects.toThrow();
  });

  await test.step('it gives its tokens back', async () => {
    const started = await shop.begin();
    await person.goto(started.url);
    tokens = await shop.finish(person, started);
    expect(await oidc.tokenIntrospection(config, tokens.access_token)).toMatchObject({ active: true, sub, scope: SCOPE });
    await oidc.tokenRevocation(config, tokens.refresh_token ?? '');
    expect(await oidc.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
  });

  await test.step('the person takes it back in their account', async () => {
    const started = await shop.begin();
    await person.goto(started.url);
    tokens = await shop.finish(person, started);
    await person.goto(`${vestibule.url}/me`);
    await person.getByRole('button', { name: 'Withdraw: Shop' }).click();
    await expect(person.getByRole('status')).toContainText('The app may no longer know who you are.');
    await expect(oidc.fetchUserInfo(config, tokens.access_token, sub)).rejects.toThrow();
    const refreshed = oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');
    await expect(refreshed).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  await test.step('and signs the person out here too, once they agree', async () => {
    const url = oidc.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: `${shop.url}/bye`,
      state: 'done',
    });
    await person.goto(url.href);
    await expect(person.getByRole('heading', { level: 1 })).toHaveText('Sign out here too?');
    await person.getByRole('button', { name: 'Sign out' }).click();
    await expect(person).toHaveURL(`${shop.url}/bye?state=done`);
    await person.goto(`${vestibule.url}/me`);
    await expect(person).toHaveURL(`${vestibule.url}/sign-in`);
  });
  await shop.close();
});

test('a person says no, and the app learns nothing', async ({ owner, stranger, vestibule, mailbox }) => {
  const email = address('ada');
  await invited(owner, { name: 'Ada Lovelace', email });
  const person = await stranger();
  await accept(person, (await mailbox.next(email)).link);

  const shop = await Shop.open(vestibule);
  const started = await shop.begin();
  await person.goto(started.url);
  await person.getByRole('button', { name: 'Do not allow' }).click();
  await expect(shop.finish(person, started)).rejects.toMatchObject({ error: 'access_denied' });
  await shop.close();
});

test('an app may have its answer in a form', async ({ owner, vestibule, javaScriptEnabled }) => {
  const shop = await Shop.open(vestibule, '--first-party');
  await owner.goto('/console');
  const started = await shop.begin({ response_mode: 'form_post' });
  await owner.goto(started.url);
  if (!javaScriptEnabled) await owner.getByRole('button', { name: 'Go on' }).click();
  expect((await shop.finish(owner, started)).claims()?.aud).toBe(shop.id);
  await shop.close();
});

test('what is not certainly an app’s address leads nowhere', async ({ page, vestibule }) => {
  const shop = await Shop.open(vestibule);
  const { url } = await shop.begin({ redirect_uri: `${shop.url}/other` });
  const answer = await page.goto(url);
  expect(answer?.status()).toBe(400);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This app may not send you back there');
  await shop.close();
});

type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>;

/** What the app must remember between sending a person away and their coming back. */
interface Started {
  url: string;
  verifier: string;
  state: string;
  nonce: string;
}

/** The relying party. */
class Shop {
  private constructor(
    readonly url: string,
    readonly id: string,
    readonly config: oidc.Configuration,
    private readonly vestibule: Vestibule,
    private readonly server: Server,
    private readonly arrived: Request[],
  ) {}

  static async open(vestibule: Vestibule, ...more: string[]): Promise<Shop> {
    const arrived: Request[] = [];
    const server = createServer((request, response) => {
      void arrival(request).then((whole) => {
        if (whole.url.includes('/callback')) arrived.push(whole);
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Shop</title><link rel="icon" href="data:,"><h1>Shop</h1>');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const addresses = ['--redirect-uri', `${url}/callback`, '--post-logout-uri', `${url}/bye`];
    const [id = '', secret = ''] = await vestibule.run('client', 'create', '--scope', 'write', '--name', 'Shop', ...addresses, ...more);
    const config = await oidc.discovery(new URL(vestibule.url), id, secret, oidc.ClientSecretBasic(secret), {
      execute: [oidc.allowInsecureRequests],
    });
    return new Shop(url, id, config, vestibule, server, arrived);
  }

  /** Where a person is sent, with whatever else the app asks for. */
  async begin(more: Record<string, string> = {}): Promise<Started> {
    const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
    const url = oidc.buildAuthorizationUrl(this.config, {
      redirect_uri: `${this.url}/callback`,
      scope: SCOPE,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...more,
    });
    return { url: url.href, verifier, state, nonce };
  }

  /** Waits for the person to come back, and changes what they bring. */
  async finish(page: Page, { verifier, state, nonce }: Started): Promise<Tokens> {
    await page.waitForURL((url) => url.href.startsWith(`${this.url}/callback`));
    const brought = this.arrived.pop();
    if (!brought) throw new Error('nobody came back');
    return oidc.authorizationCodeGrant(this.config, brought, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
  }

  /** A call of the API as the person. */
  async api(tokens: Tokens, method: string, path: string, body: object): Promise<void> {
    const url = new URL(path, this.vestibule.url);
    const headers = new Headers({ 'content-type': 'application/json' });
    const answer = await oidc.fetchProtectedResource(this.config, tokens.access_token, url, method, JSON.stringify(body), headers);
    expect(answer.status, await answer.text()).toBe(200);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A request as the library takes it. */
async function arrival(request: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  if (request.method !== 'POST') return new Request(url);
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  return new Request(url, { method: 'POST', headers, body: Buffer.concat(chunks) });
}

/** Accepts an invite and chooses the first password. */
async function accept(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Accept the invite' }).click();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are in');
}
