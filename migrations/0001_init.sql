-- One text for SQLite and Postgres: TEXT ids that we make, BIGINT unix milliseconds from our own clock,
-- CHECK instead of enums, JSON as TEXT. Never edited once released: expand, move, contract in later files.

CREATE TABLE organization (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    -- JSON of `Policy`; a missing field means its default, so a new rule needs no migration.
    policy      TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE users (
    id              TEXT PRIMARY KEY,
    -- Rises with time; lists are ordered by it and paged with it as the key.
    number          BIGINT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    username        TEXT NOT NULL,
    username_key    TEXT NOT NULL,
    name            TEXT NOT NULL,
    language        TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    -- Derived from state, addresses and invite by one statement (`store::standing`), so that lists need no joins.
    standing        TEXT NOT NULL CHECK (standing IN ('unverified', 'invited', 'verified', 'disabled')),
    -- The standing before the newest event: lets one statement both derive the new one and tell the old.
    standing_was    TEXT NOT NULL,
    -- The kind of the newest event.
    last_step       TEXT NOT NULL,
    sequence        BIGINT NOT NULL,
    -- Folded name, username and addresses: what a search looks through.
    search          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    UNIQUE (organization_id, username_key)
);
CREATE INDEX users_by_number ON users (organization_id, number);
CREATE INDEX users_by_standing ON users (organization_id, standing, number);

-- How many users stand where. Several slots a standing, so that concurrent writers rarely meet on one row; the sum counts.
CREATE TABLE tally (
    organization_id TEXT NOT NULL REFERENCES organization (id),
    standing        TEXT NOT NULL,
    slot            INTEGER NOT NULL,
    count           BIGINT NOT NULL,
    PRIMARY KEY (organization_id, standing, slot)
);

CREATE TABLE email (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    address         TEXT NOT NULL,
    canonical       TEXT NOT NULL,
    is_primary      BOOLEAN NOT NULL,
    created_at      BIGINT NOT NULL,
    -- The proof; all of it is NULL while the address is not verified.
    verified_at     BIGINT,
    proof           TEXT CHECK (proof IN ('code', 'link', 'invite', 'admin', 'api', 'idp', 'import')),
    proof_actor     TEXT,
    proof_reason    TEXT,
    proof_message   TEXT,
    CHECK ((verified_at IS NULL) = (proof IS NULL)),
    UNIQUE (organization_id, canonical)
);
CREATE INDEX email_by_user ON email (user_id);
CREATE UNIQUE INDEX email_one_primary ON email (user_id) WHERE is_primary;
CREATE INDEX email_by_canonical ON email (canonical);

-- One request to prove an address.
CREATE TABLE challenge (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email_id        TEXT NOT NULL REFERENCES email (id) ON DELETE CASCADE,
    purpose         TEXT NOT NULL CHECK (purpose IN ('email', 'invite')),
    -- The canonical address that it was sent to; proves no other.
    canonical       TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    tries_left      INTEGER NOT NULL,
    -- When it last opened the way for its holder, and when it ended.
    redeemed_at     BIGINT,
    ended_at        BIGINT,
    ended           TEXT CHECK (ended IN ('used', 'replaced', 'revoked', 'verified', 'changed', 'declined')),
    CHECK ((ended_at IS NULL) = (ended IS NULL))
);
CREATE INDEX challenge_by_email ON challenge (email_id, purpose, created_at);
CREATE INDEX challenge_by_canonical ON challenge (canonical, purpose, created_at);

-- A code and a link token drawn for one mail (or for one look by an administrator where no mail is sent).
CREATE TABLE generation (
    challenge_id    TEXT NOT NULL REFERENCES challenge (id) ON DELETE CASCADE,
    number          BIGINT NOT NULL,
    code_mac        TEXT NOT NULL,
    link_hash       TEXT NOT NULL UNIQUE,
    message_id      TEXT,
    created_at      BIGINT NOT NULL,
    replaced_at     BIGINT,
    PRIMARY KEY (challenge_id, number)
);

CREATE TABLE invite (
    id              TEXT PRIMARY KEY,
    number          BIGINT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    challenge_id    TEXT NOT NULL UNIQUE REFERENCES challenge (id) ON DELETE CASCADE,
    state           TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'opened', 'accepted', 'ready', 'revoked', 'bounced', 'declined')),
    inviter         TEXT NOT NULL,
    words           TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL
);
CREATE INDEX invite_by_number ON invite (organization_id, number);
CREATE INDEX invite_by_user ON invite (user_id, number);
CREATE INDEX invite_by_state ON invite (organization_id, state, number);

-- A user's history: append-only, numbered per user without gaps.
CREATE TABLE event (
    user_id         TEXT NOT NULL,
    sequence        BIGINT NOT NULL,
    number          BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    at              BIGINT NOT NULL,
    kind            TEXT NOT NULL,
    actor           TEXT NOT NULL,
    data            TEXT NOT NULL,
    seal_number     BIGINT,
    PRIMARY KEY (user_id, sequence)
);
CREATE INDEX event_unsealed ON event (number) WHERE seal_number IS NULL;
CREATE INDEX event_by_seal ON event (seal_number);
CREATE INDEX event_by_kind ON event (organization_id, kind, at);

CREATE TABLE seal (
    number          BIGINT PRIMARY KEY,
    sealed_at       BIGINT NOT NULL,
    events          BIGINT NOT NULL,
    hash            TEXT NOT NULL
);

-- The outbox. It holds no code and no token: both are drawn when the mail is rendered.
CREATE TABLE message (
    id              TEXT PRIMARY KEY,
    number          BIGINT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    user_id         TEXT REFERENCES users (id) ON DELETE CASCADE,
    challenge_id    TEXT REFERENCES challenge (id) ON DELETE CASCADE,
    kind            TEXT NOT NULL,
    recipient       TEXT NOT NULL,
    language        TEXT NOT NULL,
    data            TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'deferred', 'sent', 'failed', 'cancelled')),
    attempts        INTEGER NOT NULL,
    due_at          BIGINT NOT NULL,
    leased_until    BIGINT NOT NULL,
    lease           TEXT,
    answer          TEXT,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL
);
CREATE INDEX message_due ON message (due_at) WHERE state IN ('waiting', 'deferred');
CREATE INDEX message_by_number ON message (organization_id, number);
CREATE INDEX message_by_state ON message (organization_id, state, number);
CREATE INDEX message_by_challenge ON message (challenge_id);

-- Where an organization wants to be told; one row of `webhook` an event and endpoint, in the event's transaction.
CREATE TABLE webhook_endpoint (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    url             TEXT NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE TABLE webhook (
    endpoint_id     TEXT NOT NULL REFERENCES webhook_endpoint (id) ON DELETE CASCADE,
    user_id         TEXT NOT NULL,
    sequence        BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (endpoint_id, user_id, sequence)
);

CREATE TABLE password (
    user_id         TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    hash            TEXT NOT NULL,
    set_at          BIGINT NOT NULL
);

CREATE TABLE administrator (
    user_id         TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    role            TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'support', 'viewer')),
    granted_at      BIGINT NOT NULL
);

CREATE TABLE setup_link (
    hash            TEXT PRIMARY KEY,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL
);

CREATE TABLE api_key (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    name            TEXT NOT NULL,
    hash            TEXT NOT NULL UNIQUE,
    scopes          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT,
    revoked_at      BIGINT,
    last_used_at    BIGINT
);

CREATE TABLE session (
    id              TEXT PRIMARY KEY,
    user_id         TEXT REFERENCES users (id) ON DELETE CASCADE,
    data            TEXT NOT NULL,
    expires_at      BIGINT NOT NULL
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Fixed windows: how often something happened until the window ends.
CREATE TABLE bucket (
    key             TEXT PRIMARY KEY,
    count           BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL
);
CREATE INDEX bucket_by_end ON bucket (ends_at);
