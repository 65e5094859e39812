// A passkey that an app of somebody's own has a browser make, by Zitadel's client: begun, made, ended, and signed in with.

import type { Page } from '@playwright/test';
import { createUserServiceClient } from '@zitadel/client/v2';
import { AuthFactorState } from '@zitadel/proto/zitadel/user/v2/user_pb.js';
import { AuthenticationMethodType } from '@zitadel/proto/zitadel/user/v2/user_service_pb.js';
import { Device, withoutOffers } from '../support/device.ts';
import { Code, key, refusal, type Speech, transport } from '../support/machine.ts';
import { expectHeading } from '../support/porch.ts';
import { address, expect, OWNER, test } from '../support/test.ts';

/** JSON as a `Struct` holds it. */
type Json = Parameters<ReturnType<typeof createUserServiceClient>['verifyPasskeyRegistration']>[0]['publicKeyCredential'];

const SPEECHES: Speech[] = ['gRPC', 'gRPC-Web', 'Connect', 'Connect in JSON', 'Connect by HTTP/2'];

test('a passkey made for an app, by each way to speak', async ({ another, stranger }) => {
  // Browsers make none for a network address, so this server has a name.
  const vestibule = await another({ host: 'localhost' });
  await vestibule.createAdministrator(OWNER, 'owner');
  await vestibule.start();
  const page = await stranger(vestibule);
  await withoutOffers(page);
  const device = await Device.of(page);
  for (const speech of SPEECHES) {
    await page.goto('/sign-in');
    const users = createUserServiceClient(transport(speech, vestibule, await key(vestibule, speech)));
    const email = address('pia');
    const { userId } = await users.addHumanUser({
      username: email,
      profile: { givenName: 'Pia', familyName: speech },
      email: { email, verification: { case: 'isVerified', value: true } },
    });
    const { code } = await users.createPasskeyRegistrationLink({ userId, medium: { case: 'returnCode', value: {} } });
    if (!code) throw new Error('no code was returned');
    const { passkeyId, publicKeyCredentialCreationOptions: options } = await users.registerPasskey({ userId, code, domain: 'localhost' });
    if (!options) throw new Error('there are no options');
    expect((await refusal(users.registerPasskey({ userId, code }))).message, 'the code is good once').toContain('COMMAND-Eeb2a');

    const publicKeyCredential = await make(page, options['publicKey']);
    const verify = (): Promise<unknown> =>
      users.verifyPasskeyRegistration({ userId, passkeyId, publicKeyCredential, passkeyName: `Key by ${speech}` });
    await verify();
    expect((await refusal(verify())).code).toBe(Code.FailedPrecondition);
    const { result } = await users.listPasskeys({ userId });
    expect(result).toMatchObject([{ id: passkeyId, name: `Key by ${speech}`, state: AuthFactorState.READY }]);
    const { authMethodTypes } = await users.listAuthenticationMethodTypes({ userId });
    expect(authMethodTypes).toEqual([AuthenticationMethodType.PASSKEY]);

    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await expectHeading(page, `Pia ${speech}`);
    await page.context().clearCookies();
    await device.forget();
  }
});

/** What an app's page does with the options. */
async function make(page: Page, options: unknown): Promise<Json> {
  return page.evaluate(async (json) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json as PublicKeyCredentialCreationOptionsJSON);
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
    return JSON.parse(JSON.stringify(made)) as Json;
  }, options);
}
