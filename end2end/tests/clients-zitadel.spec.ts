// Zitadel's own client from npm, by each of its transports.

import { createAuthServiceClient } from '@zitadel/client/v1';
import { createUserServiceClient } from '@zitadel/client/v2';
import { ErrorDetailSchema } from '@zitadel/proto/zitadel/message_pb.js';
import { TextQueryMethod } from '@zitadel/proto/zitadel/object/v2/object_pb.js';
import { UserFieldName } from '@zitadel/proto/zitadel/user/v2/query_pb.js';
import { AuthenticationMethodType } from '@zitadel/proto/zitadel/user/v2/user_service_pb.js';
import { UserState } from '@zitadel/proto/zitadel/user/v2/user_pb.js';
import { Code, key, organization, refusal, type Speech, transport } from '../support/machine.ts';
import { wrong } from '../support/porch.ts';
import { address, expect, test } from '../support/test.ts';

type Users = ReturnType<typeof createUserServiceClient>;

const SPEECHES: Speech[] = ['gRPC', 'gRPC-Web', 'Connect', 'Connect in JSON', 'Connect by HTTP/2'];

for (const speech of SPEECHES) {
  test(`an invited person, by ${speech}`, async ({ vestibule }) => {
    const users = createUserServiceClient(transport(speech, vestibule, await key(vestibule, speech)));
    const { userId, details } = await add(users, 'Ida', address('ida'));
    expect(details?.resourceOwner).toBe(await organization(vestibule));
    expect(details?.sequence).toBe(1n);

    const { inviteCode } = await users.createInviteCode({ userId, verification: { case: 'returnCode', value: {} } });
    if (!inviteCode) throw new Error('no code was returned');
    const verify = (verificationCode: string): Promise<unknown> => users.verifyInviteCode({ userId, verificationCode });
    await expectId(verify(wrong(inviteCode)), Code.InvalidArgument, 'COMMAND-Wgn4q', 'Code is invalid');
    await verify(inviteCode);
    await expectId(verify(inviteCode), Code.InvalidArgument, 'COMMAND-Wgn4q', 'Code is invalid');
    const { user } = await users.getUserByID({ userId });
    expect(user?.type.case === 'human' && user.type.value.email?.isVerified).toBe(true);

    expect((await users.listAuthenticationMethodTypes({ userId })).authMethodTypes).toEqual([]);
    await users.setPassword({ userId, newPassword: { password: 'seven wooden bridges' } });
    const { authMethodTypes } = await users.listAuthenticationMethodTypes({ userId });
    expect(authMethodTypes).toEqual([AuthenticationMethodType.PASSWORD]);
  });

  test(`an address that changes, by ${speech}`, async ({ vestibule }) => {
    const users = createUserServiceClient(transport(speech, vestibule, await key(vestibule, speech)));
    const { userId } = await add(users, 'Edda', address('edda'));
    const email = address('edda.later');
    const returnCode = { case: 'returnCode', value: {} } as const;
    const set = await users.setEmail({ userId, email, verification: returnCode });
    const sent = await users.sendEmailCode({ userId, verification: returnCode });
    if (!set.verificationCode || !sent.verificationCode) throw new Error('no code was returned');
    expect(sent.details?.sequence).toBeGreaterThan(set.details?.sequence ?? 0n);

    const verify = (verificationCode: string): Promise<unknown> => users.verifyEmail({ userId, verificationCode });
    await expectId(verify(set.verificationCode), Code.InvalidArgument, 'COMMAND-eis9R', 'Code is invalid');
    await verify(sent.verificationCode);
    const human = (await users.getUserByID({ userId })).user?.type;
    expect(human?.case === 'human' && human.value.email).toMatchObject({ email, isVerified: true });
    await expectId(verify(sent.verificationCode), Code.InvalidArgument, 'COMMAND-eis9R', 'Code is invalid');
  });

  test(`finding and deleting, by ${speech}`, async ({ vestibule }) => {
    const users = createUserServiceClient(transport(speech, vestibule, await key(vestibule, speech)));
    const family = `Quill${Date.now()}`;
    const added = [];
    for (const given of ['Berta', 'Anna', 'Carla']) added.push(await add(users, given, address(given), family));
    const found = await users.listUsers({
      query: { limit: 2, asc: true },
      sortingColumn: UserFieldName.FIRST_NAME,
      queries: [
        { query: { case: 'lastNameQuery', value: { lastName: family.toUpperCase(), method: TextQueryMethod.EQUALS_IGNORE_CASE } } },
        {
          query: {
            case: 'notQuery',
            value: { query: { query: { case: 'firstNameQuery', value: { firstName: 'Ber', method: TextQueryMethod.STARTS_WITH } } } },
          },
        },
      ],
    });
    expect(found.details?.totalResult).toBe(2n);
    expect(found.result.map((user) => user.userId)).toEqual([added[1]?.userId, added[2]?.userId]);
    expect(found.result.map((user) => user.state)).toEqual([UserState.ACTIVE, UserState.ACTIVE]);

    const userId = added[0]?.userId ?? '';
    await users.deleteUser({ userId });
    await expectId(users.getUserByID({ userId }), Code.NotFound, 'QUERY-Dfbg2');
    await expectId(users.deleteUser({ userId }), Code.NotFound, 'COMMAND-bd4ir1mblj');
  });

  test(`who may not, by ${speech}`, async ({ vestibule }) => {
    const as = (token?: string): Users => createUserServiceClient(transport(speech, vestibule, token));
    expect((await refusal(as().listUsers({}))).code).toBe(Code.Unauthenticated);
    expect((await refusal(as('no such key').listUsers({}))).code).toBe(Code.Unauthenticated);
    const reader = as(await key(vestibule, `${speech} reading`, 'read'));
    expect((await reader.listUsers({})).result.length).toBeGreaterThan(0);
    await expectId(add(reader, 'Rita', address('rita')), Code.PermissionDenied);
    // The proto's own limits: no id, and no detail.
    const users = as(await key(vestibule, speech));
    const limited = await refusal(users.verifyInviteCode({ userId: '', verificationCode: 'BCDF' }));
    expect(limited.code).toBe(Code.InvalidArgument);
    expect(limited.details).toEqual([]);
  });
}

for (const speech of ['gRPC', 'gRPC-Web'] satisfies Speech[]) {
  test(`the older service, by ${speech}`, async ({ vestibule }) => {
    await createAuthServiceClient(transport(speech, vestibule)).healthz({});
    const me = createAuthServiceClient(transport(speech, vestibule, await key(vestibule, `Portal by ${speech}`)));
    const { user } = await me.getMyUser({});
    expect(user?.type).toMatchObject({ case: 'machine', value: { name: `Portal by ${speech}`, hasSecret: true } });
    await expectId(me.verifyMyEmail({ code: 'BCDFGHJK' }), Code.NotFound, 'COMMAND-3n8ud');
    expect((await refusal(createAuthServiceClient(transport(speech, vestibule)).getMyUser({}))).code).toBe(Code.Unauthenticated);
  });
}

/** Adds a person whose address is not verified and to whom nothing is sent. */
function add(users: Users, givenName: string, email: string, familyName = 'Quill'): ReturnType<Users['addHumanUser']> {
  return users.addHumanUser({
    username: email,
    profile: { givenName, familyName },
    email: { email, verification: { case: 'isVerified', value: false } },
  });
}

/** Expects a refusal with the id that Zitadel's consumers look for. */
async function expectId(call: Promise<unknown>, code: Code, id?: string, message?: string): Promise<void> {
  const refused = await refusal(call);
  expect(Code[refused.code], refused.message).toBe(Code[code]);
  const [detail] = refused.findDetails(ErrorDetailSchema);
  expect(detail?.id).toMatch(id ?? /^[A-Z]+-\w{5}$/);
  expect(refused.rawMessage).toBe(`${message ?? detail?.message} (${detail?.id})`);
}
