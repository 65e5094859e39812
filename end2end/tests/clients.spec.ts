// MonoCloud's, PingOne's and Zitadel's REST interfaces as the vendors' own clients write their requests: two lines of one
// header, chunked bodies, escaped ids, a media type where there is no body.

import { addressLine, history, section } from '../support/console.ts';
import { ask, type Answer, json, key, organization } from '../support/machine.ts';
import { enterCode, expectHeading, wrong } from '../support/porch.ts';
import { address, expect, test } from '../support/test.ts';
import type { Vestibule } from '../support/vestibule.ts';

type Headers = [name: string, value: string][];

const JSON_TYPE: Headers = [['Content-Type', 'application/json']];
const NO_USER = '/api/users/01977420-dc00-7118-b0d3-641a68f94a69';

/** Escapes every byte, where a careful client escapes only some. */
const escaped = (id: string): string => [...id].map((sign) => `%${sign.charCodeAt(0).toString(16)}`).join('');

test('MonoCloud: an address is marked verified', async ({ vestibule }) => {
  // The JavaScript client: a media type on every request, body or none.
  const monocloud = client(vestibule, [['X-API-KEY', await key(vestibule, 'MonoCloud')], ['Accept', '*/*'], ...JSON_TYPE]);
  const email = address('mona');
  const user = json(await monocloud('POST', '/api/users', { email, password: 'seven wooden bridges', name: 'Mona' }), 201);
  expect(user.emails).toMatchObject([{ email, primary: true, verified: false }]);

  const path = `/api/users/${escaped(user.user_id)}/emails/${escaped(user.emails[0].id)}/verify`;
  const verified = await monocloud('POST', path);
  expect(verified.headers['content-type']).toBe('application/json');
  expect(json(verified).emails).toMatchObject([{ email, verified: true, verification_source: 'monocloud' }]);
  expect(json(await monocloud('GET', `/api/users/${user.user_id}`))).toEqual(json(verified));
  const page = await monocloud('GET', `/api/users?page=1&size=1&filter=${encodeURIComponent(email)}`);
  expect(JSON.parse(page.headers['x-pagination'] ?? '')).toMatchObject({ page_size: 1, total_count: 1 });

  // Which exception it throws, it reads from the media type, the status and the type.
  const absent = await monocloud('POST', `${NO_USER}/emails/01977420-dc00-7118-b0d3-641a68f94a69/verify`);
  expect(absent.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(json(absent, 404)).toMatchObject({ status: 404, title: expect.any(String), type: expect.any(String) });
  const nobody = client(vestibule, [['Accept', '*/*'], ...JSON_TYPE]);
  expect(json(await nobody('POST', path), 401)).toMatchObject({ status: 401 });
  expect((await monocloud('DELETE', `/api/users/${user.user_id}`)).status).toBe(204);
});

test('PingOne: a token, and an address that is verified with it', async ({ vestibule, mailbox }) => {
  const environment = await organization(vestibule);
  const [id, secret] = await vestibule.run('client', 'create', '--name', 'PingOne');
  // Its node client writes out what is not defined.
  const form = `grant_type=client_credentials&client_id=${id}&client_secret=${secret}&scope=undefined`;
  const granted = await ask(vestibule, `/${environment}/as/token`, {
    headers: [['Content-Type', 'application/x-www-form-urlencoded'], ['Accept', 'application/json, text/plain, */*']],
    body: form,
  });
  expect(json(granted)).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
  expect(granted.headers['cache-control']).toContain('no-store');
  const refused = await ask(vestibule, `/${environment}/as/token`, {
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    body: form.replace(`${secret}`, 'another'),
  });
  expect(json(refused, 401)).toMatchObject({ error: 'invalid_client' });

  const bearer: Headers = [['Authorization', `Bearer ${json(granted).access_token}`]];
  const users = `/v1/environments/${environment}/users`;
  const email = address('pina');
  // Two lines that say the same, and a body in pieces.
  const lifecycle = { status: 'VERIFICATION_REQUIRED', suppressVerificationCode: true };
  const text = JSON.stringify({ email, username: email, lifecycle, name: { given: 'Pina' } });
  const created = await ask(vestibule, users, {
    headers: [...bearer, ...JSON_TYPE, ['Content-Type', vendor('user.import')]],
    body: [text.slice(0, 9), text.slice(9, 40), text.slice(40)],
  });
  const user = json(created, 201);
  expect(user).toMatchObject({ email, emailVerified: false, lifecycle: { status: 'VERIFICATION_REQUIRED' } });
  expect(created.headers.location).toBe(`${vestibule.url}${users}/${user.id}`);

  const ping = (media: string, body?: string): Promise<Answer> =>
    ask(vestibule, `${users}/${escaped(user.id)}`, { headers: [...bearer, ...JSON_TYPE, ['Content-Type', vendor(media)]], body });
  expect(json(await ping('user.sendVerificationCode')).lifecycle.status).toBe('VERIFICATION_REQUIRED');
  const { code } = await mailbox.next(email);
  const mistaken = await ping('user.verify', JSON.stringify({ verificationCode: wrong(code) }));
  expect(mistaken.headers['correlation-id']).toBeTruthy();
  expect(json(mistaken, 400)).toMatchObject({
    code: 'INVALID_DATA',
    details: [{ code: 'INVALID_VALUE', target: 'verificationCode' }],
  });
  const done = json(await ping('user.verify', JSON.stringify({ verificationCode: code })));
  expect(done).toMatchObject({ email, emailVerified: true, lifecycle: { status: 'ACCOUNT_OK' } });
  expect(done._links.self.href).toBe(`${vestibule.url}${users}/${user.id}`);
  expect((await ping('user.verify', JSON.stringify({ verificationCode: code }))).status).toBe(400);

  const filter = encodeURIComponent(`email eq "${email}" or username eq "${email}"`);
  const found = await ask(vestibule, `${users}?filter=${filter}`, { method: 'GET', headers: [...bearer, ...JSON_TYPE] });
  expect(json(found)._embedded.users).toMatchObject([{ id: user.id }]);
  expect((await ask(vestibule, `${users}/${user.id}`, { method: 'DELETE', headers: bearer })).status).toBe(204);
});

test('PingOne: a created user has two lines of one media type, and nothing but an address', async ({ vestibule }) => {
  const environment = await organization(vestibule);
  const bearer = ['Authorization', `Bearer ${await key(vestibule, 'Portal')}`] satisfies [string, string];
  const path = `/v1/environments/${environment}/users`;
  const email = address('pia');
  const populations = json(await ask(vestibule, path.replace(/users$/, 'populations'), { method: 'GET', headers: [bearer] }));
  const [population] = populations._embedded.populations;
  const body = JSON.stringify({ email, username: email, population: { id: population.id } });
  const created = json(await ask(vestibule, path, { headers: [bearer, ...JSON_TYPE, ...JSON_TYPE], body }), 201);
  expect(created).toMatchObject({ email, population: { id: population.id }, lifecycle: { status: 'ACCOUNT_OK' } });
});

test('Zitadel: an invite by REST', async ({ vestibule }) => {
  const zitadel = client(vestibule, [['Authorization', `Bearer ${await key(vestibule, 'Zitadel')}`], ...JSON_TYPE]);
  const email = { email: address('zita'), isVerified: false };
  const profile = { given_name: 'Zita', familyName: 'Quill' };
  const { userId } = json(await zitadel('POST', '/v2/users/human', { profile, email }));
  const path = `/v2/users/${escaped(userId)}/invite_code`;
  const { inviteCode } = json(await zitadel('POST', path, { returnCode: {} }));
  const mistaken = json(await zitadel('POST', `${path}/verify`, { verificationCode: wrong(inviteCode) }), 400);
  expect(mistaken).toMatchObject({ code: 3, message: 'Code is invalid (COMMAND-Wgn4q)', details: [{ id: 'COMMAND-Wgn4q' }] });
  const text = JSON.stringify({ verification_code: inviteCode });
  const verified = json(await zitadel('POST', `${path}/verify`, [text.slice(0, 5), text.slice(5)]));
  expect(verified.details).toMatchObject({ sequence: expect.stringMatching(/^\d+$/), resourceOwner: await organization(vestibule) });
  const { user } = json(await zitadel('GET', `/v2/users/${userId}`));
  expect(user.human.email).toEqual({ email: email.email, isVerified: true });
});

test('one person, three dialects, one history', async ({ owner, vestibule }) => {
  const monocloud = client(vestibule, [['X-API-KEY', await key(vestibule, 'Shop by MonoCloud')], ...JSON_TYPE]);
  const zitadel = client(vestibule, [['Authorization', `Bearer ${await key(vestibule, 'Portal by Zitadel')}`], ...JSON_TYPE]);
  const desk: Headers = [['Authorization', `Bearer ${await key(vestibule, 'Desk by PingOne')}`]];
  const pingone = client(vestibule, [...desk, ['Content-Type', vendor('user.verify')]]);
  const email = address('dora');
  const user = json(await monocloud('POST', '/api/users', { email, password: 'seven wooden bridges', name: 'Dora' }), 201);
  const sent = json(await zitadel('POST', `/v2/users/${user.user_id}/email/send`, { returnCode: {} }));
  const users = `/v1/environments/${await organization(vestibule)}/users`;
  const verified = json(await pingone('POST', `${users}/${user.user_id}`, { verificationCode: sent.verificationCode }));
  expect(verified).toMatchObject({ id: user.user_id, email, emailVerified: true });
  expect(json(await monocloud('GET', `/api/users/${user.user_id}`)).emails).toMatchObject([{ verified: true }]);
  const name = { given: 'Dorothea' };
  json(await client(vestibule, [...desk, ...JSON_TYPE])('PATCH', `${users}/${user.user_id}`, { name }));

  await owner.goto(`/console/users/${user.user_id}`);
  await expect(addressLine(owner, email)).toContainText('Verified by code (API key “Desk by PingOne”) on ');
  const line = (title: string) => section(owner, 'History').locator('.timeline li').filter({ hasText: title });
  await expect(line('User created')).toContainText('through API key “Shop by MonoCloud”');
  await expect(line('Mail requested').or(line('Link and code handed over'))).toContainText('through API key “Portal by Zitadel”');
  await expect(line('Details changed')).toContainText('through API key “Desk by PingOne”');
  await expect(line('Verified by code')).toContainText('through API key “Desk by PingOne”');
  await expect(history(owner).filter({ hasText: 'Verified by code' })).toHaveCount(1);
});

test('a code that PingOne sends is entered on the page', async ({ owner, stranger, vestibule, mailbox }) => {
  const pingone = async (media: string, path: string, body: object): Promise<Answer> =>
    ask(vestibule, path, {
      headers: [['Authorization', `Bearer ${await key(vestibule, media)}`], ['Content-Type', vendor(media)]],
      body: JSON.stringify(body),
    });
  const email = address('nina');
  const users = `/v1/environments/${await organization(vestibule)}/users`;
  const lifecycle = { status: 'VERIFICATION_REQUIRED' };
  const { id } = json(await pingone('user.import', users, { email, username: email, lifecycle }), 201);
  const letter = await mailbox.next(email);

  const page = await stranger();
  await enterCode(page, email, letter.code);
  await expectHeading(page, 'Your email address is verified');
  const again = await pingone('user.verify', `${users}/${id}`, { verificationCode: letter.code });
  expect(json(again, 400)).toMatchObject({ details: [{ target: 'verificationCode' }] });
  await owner.goto(`/console/users/${id}`);
  await expect(addressLine(owner, email)).toContainText('Verified by code on ');
});

/** A media type of PingOne's own. */
function vendor(operation: string): string {
  return `application/vnd.pingidentity.${operation}+json`;
}

/** Requests that all carry the same headers. */
function client(at: Vestibule, headers: Headers): (method: string, path: string, body?: object | string[]) => Promise<Answer> {
  return (method, path, body) =>
    ask(at, path, { method, headers, body: Array.isArray(body) || body === undefined ? body : JSON.stringify(body) });
}
