-- Who made an API key, by the name of then; NULL for the operator at the command line.
ALTER TABLE api_key ADD COLUMN created_by TEXT;
CREATE INDEX api_key_by_organization ON api_key (organization_id, created_at);

-- OAuth clients (RFC 6749): machines that act for themselves, and apps that people sign in to.
CREATE TABLE client (
    id               TEXT PRIMARY KEY,
    organization_id  TEXT NOT NULL REFERENCES organization (id),
    name             TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('machine', 'app')),
    -- NULL for a public client, which cannot keep a secret.
    secret_hash      TEXT,
    scopes           TEXT NOT NULL,
    -- JSON arrays of absolute URLs.
    redirect_uris    TEXT NOT NULL DEFAULT '[]',
    post_logout_uris TEXT NOT NULL DEFAULT '[]',
    -- One of the organization's own: people are not asked whether they let it.
    first_party      BOOLEAN NOT NULL DEFAULT FALSE,
    created_by       TEXT,
    created_at       BIGINT NOT NULL,
    expires_at       BIGINT,
    revoked_at       BIGINT,
    last_used_at     BIGINT
);
CREATE INDEX client_by_organization ON client (organization_id, created_at);

-- What a client shows instead of its secret, for an hour: for itself or, with a user, for a person.
CREATE TABLE access_token (
    hash            TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    client_id       TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    user_id         TEXT REFERENCES users (id) ON DELETE CASCADE,
    scopes          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    revoked_at      BIGINT
);
CREATE INDEX access_token_by_client ON access_token (client_id);
CREATE INDEX access_token_by_user ON access_token (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX access_token_by_expiry ON access_token (expires_at);
