// What browsers and others must not be able to do.

import { request as httpRequest } from 'node:http';
import { invited, signIn } from '../support/console.ts';
import { askForCode } from '../support/porch.ts';
import { address, expect, OWNER, test } from '../support/test.ts';

test('cookies are kept from scripts and other sites, and change at sign-in', async ({ stranger, vestibule }) => {
  const page = await stranger();
  const session = async () => (await page.context().cookies()).find((cookie) => cookie.name === 'vestibule');
  await askForCode(page, address('xenia'));
  const before = await session();
  await signIn(page, OWNER.email, OWNER.password);
  await expect(page).toHaveURL(/\/console$/);
  const after = await session();
  expect(after?.value).not.toBe(before?.value);
  for (const cookie of await page.context().cookies()) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  }

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in\?done=signed-out$/);
  for (const old of [before, after]) {
    const headers = { cookie: `vestibule=${old?.value}` };
    const answer = await fetch(`${vestibule.url}/console`, { headers, redirect: 'manual' });
    expect(answer.status).toBeGreaterThanOrEqual(302);
    expect(answer.headers.get('location')).toBe('/sign-in');
  }
});

test('another site cannot act in a browser of ours', async ({ owner }) => {
  await owner.goto('/console');
  for (const [name, value] of [
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-site', 'same-site'],
    ['origin', 'https://evil.example'],
  ] as const) {
    const answer = await owner.request.post('/do/sign_out', { headers: { [name]: value }, form: {} });
    expect(answer.status(), `${name}: ${value}`).toBe(403);
  }
  await owner.reload();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Overview');
});

test('a form of another site is refused by what the browser itself says', async ({ owner, vestibule }) => {
  await owner.goto('/console');
  const other = vestibule.url.replace('127.0.0.1', 'localhost');
  const page = await owner.context().newPage();
  await page.route(`${other}/trap`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${vestibule.url}/do/sign_out"><button>Win a prize</button></form>`,
    }),
  );
  await page.goto(`${other}/trap`);
  const answered = page.waitForResponse(`${vestibule.url}/do/sign_out`);
  await page.getByRole('button').click();
  expect((await answered).status()).toBe(403);
  await owner.reload();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Overview');
});

test('what is too large or unreadable is refused by status', async ({ request }) => {
  const large = await request.post('/do/verify_address', { form: { email: 'a@b.example', code: 'B'.repeat(65 * 1024) } });
  expect(large.status()).toBe(413);
  for (const data of ['', 'email', '%%%', '{"email":1}']) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await request.post('/do/verify_address', { data, headers });
    expect(answer.status(), data).toBe(422);
  }
});

test('looking at an action does nothing', async ({ owner }) => {
  await invited(owner, { name: 'Yvonne Brill', email: address('yvonne') });
  const user = owner.url().match(/users\/([0-9a-f-]+)/)?.[1];
  for (const path of [`/do/disable?user=${user}`, '/do/sign_out', '/do/nothing']) {
    for (const method of ['GET', 'HEAD']) {
      const answer = await owner.request.fetch(path, { method, maxRedirects: 0 });
      expect([404, 405], `${method} ${path}`).toContain(answer.status());
    }
  }
  await owner.reload();
  await expect(owner.getByRole('link', { name: 'Disable' })).toBeVisible();
});

test('a forged host reaches neither mails nor pages', async ({ owner, mailbox, vestibule }) => {
  const session = (await owner.context().cookies()).find((cookie) => cookie.name === 'vestibule')?.value;
  const email = address('zelda');
  const forged = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
    accept: 'text/html',
    cookie: `vestibule=${session}`,
  };
  const body = new URLSearchParams({ name: 'Zelda', email, language: 'en', words: '', days: '7' });
  const answer = await raw(`${vestibule.url}/do/invite`, 'POST', forged, body.toString());
  expect(answer.status).toBe(302);
  expect(answer.headers.location).toMatch(/^\/console\/users\//);

  const letter = await mailbox.next(email);
  expect(letter.link).toContain(`${vestibule.url}/invite/`);
  expect(letter.text + letter.html + JSON.stringify(letter.headers)).not.toContain('evil');
  for (const path of ['/', '/sign-in', '/console', '/verify/unknown', new URL(letter.link).pathname]) {
    const page = await raw(vestibule.url + path, 'GET', forged);
    expect(page.body + JSON.stringify(page.headers), path).not.toContain('evil');
  }
});

test('pages carry the headers that keep them from being framed, sniffed or kept', async ({ request }) => {
  const answer = await request.get('/');
  const headers = answer.headers();
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/);
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  });
});

interface Raw {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request with just these headers: browsers and `fetch` do not let a host be forged. */
function raw(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Raw> {
  const form = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers: { ...headers, ...form } }, (answer) => {
      let text = '';
      answer.on('data', (data: Buffer) => (text += data.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
