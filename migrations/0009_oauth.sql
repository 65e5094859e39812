-- What a person has let an app see, so that they are asked once.
CREATE TABLE consent (
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id       TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    scopes          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    PRIMARY KEY (user_id, client_id)
);

-- One sign-in of a person to an app: its code, and whatever tokens follow from it.
CREATE TABLE authorizations (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    client_id       TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    scopes          TEXT NOT NULL,
    nonce           TEXT,
    -- When and how the person signed in here, and in which session of a browser.
    signed_in_at    BIGINT NOT NULL,
    methods         TEXT NOT NULL,
    session         TEXT NOT NULL,
    -- SHA-256 of the code, the address that it was sent to, and the S256 challenge of who may redeem it.
    code_hash       TEXT NOT NULL UNIQUE,
    redirect_uri    TEXT NOT NULL,
    challenge       TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    code_expires_at BIGINT NOT NULL,
    redeemed_at     BIGINT,
    -- No token that follows from it works longer.
    expires_at      BIGINT NOT NULL,
    revoked_at      BIGINT
);
CREATE INDEX authorizations_by_user ON authorizations (user_id);
CREATE INDEX authorizations_by_client ON authorizations (client_id);
CREATE INDEX authorizations_by_expiry ON authorizations (expires_at);

-- Each is good once and gives the next; only its SHA-256 is here.
CREATE TABLE refresh_token (
    hash             TEXT PRIMARY KEY,
    authorization_id TEXT NOT NULL REFERENCES authorizations (id) ON DELETE CASCADE,
    created_at       BIGINT NOT NULL,
    expires_at       BIGINT NOT NULL,
    used_at          BIGINT
);
CREATE INDEX refresh_token_by_authorization ON refresh_token (authorization_id);

-- NULL where no person signed in for it.
ALTER TABLE access_token ADD COLUMN authorization_id TEXT REFERENCES authorizations (id) ON DELETE CASCADE;
CREATE INDEX access_token_by_authorization ON access_token (authorization_id) WHERE authorization_id IS NOT NULL;

-- What ID tokens are signed with, one after the other. The private part is sealed with a key that is not here.
CREATE TABLE signing_key (
    number          BIGINT PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    -- A JWK (RFC 7517).
    public          TEXT NOT NULL,
    sealed          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    -- Until then it is published and not used, so that every app has seen it.
    signs_from      BIGINT NOT NULL
);
