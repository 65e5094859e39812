-- What machines keep of a user beside the addresses: profile, data, phone numbers, populations.

-- JSON of `Profile` with OIDC's claim names, and the same folded for comparisons that ignore case.
ALTER TABLE users ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN folded TEXT NOT NULL DEFAULT '{}';
-- JSON objects that clients keep here; we only store them.
ALTER TABLE users ADD COLUMN public_data TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN private_data TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
-- Set where the user name was chosen; NULL while it is the address.
ALTER TABLE users ADD COLUMN username_id TEXT;
ALTER TABLE users ADD COLUMN locked_at BIGINT;
-- PingOne's lifecycle: the account waits for its code.
ALTER TABLE users ADD COLUMN verification_required BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN population_id TEXT;
ALTER TABLE users ADD COLUMN last_sign_in_at BIGINT;
ALTER TABLE users ADD COLUMN last_sign_in_ip TEXT;
ALTER TABLE users ADD COLUMN sign_ins BIGINT NOT NULL DEFAULT 0;

-- Signing in with it leads to choosing another one.
ALTER TABLE password ADD COLUMN must_change BOOLEAN NOT NULL DEFAULT FALSE;

-- Where the link of a mail leads, and which application it speaks of, if not to us and of the organization.
ALTER TABLE challenge ADD COLUMN url_template TEXT;
ALTER TABLE challenge ADD COLUMN application TEXT;
-- Whether its codes were handed to a client instead of mailed.
ALTER TABLE challenge ADD COLUMN returned BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX challenge_by_user ON challenge (user_id, purpose, created_at);

CREATE TABLE population (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    description     TEXT NOT NULL,
    is_default      BOOLEAN NOT NULL,
    data            TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    UNIQUE (organization_id, name_key)
);
CREATE UNIQUE INDEX population_one_default ON population (organization_id) WHERE is_default;
CREATE INDEX users_by_population ON users (population_id, number) WHERE population_id IS NOT NULL;

CREATE TABLE phone (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- E.164.
    number          TEXT NOT NULL,
    is_primary      BOOLEAN NOT NULL,
    created_at      BIGINT NOT NULL,
    verified_at     BIGINT,
    UNIQUE (organization_id, number)
);
CREATE INDEX phone_by_user ON phone (user_id);
CREATE UNIQUE INDEX phone_one_primary ON phone (user_id) WHERE is_primary;

-- Passkeys of users; `credential` is what the library checks signatures with, as JSON.
CREATE TABLE passkey (
    id              TEXT PRIMARY KEY,
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- base64url, as the browser sends it.
    credential_id   TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    public_key      TEXT NOT NULL,
    aaguid          TEXT NOT NULL,
    backup_eligible BOOLEAN NOT NULL,
    backup_state    BOOLEAN NOT NULL,
    user_verified   BOOLEAN NOT NULL,
    user_agent      TEXT NOT NULL,
    credential      TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    last_used_at    BIGINT
);
CREATE INDEX passkey_by_user ON passkey (user_id, created_at);

-- OpenID providers of an organization, and who is linked to whom there.
CREATE TABLE provider (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    name            TEXT NOT NULL,
    issuer          TEXT NOT NULL,
    client_id       TEXT NOT NULL,
    -- Sealed with the key that is not in the database.
    client_secret   TEXT,
    scopes          TEXT NOT NULL,
    enabled         BOOLEAN NOT NULL,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL
);
CREATE INDEX provider_by_organization ON provider (organization_id, created_at);
CREATE TABLE provider_link (
    provider_id     TEXT NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
    subject         TEXT NOT NULL,
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    claims          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    last_used_at    BIGINT,
    PRIMARY KEY (provider_id, subject)
);
CREATE INDEX provider_link_by_user ON provider_link (user_id);
