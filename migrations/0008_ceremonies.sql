-- Passkey ceremonies that a browser is in the middle of. Each row is deleted by whoever finishes it, before anything is checked.
CREATE TABLE ceremony (
    -- The id of the passkey, once a registration has succeeded.
    id         TEXT PRIMARY KEY,
    -- NULL for a sign-in: who it is, the passkey says.
    user_id    TEXT REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('registration', 'authentication')),
    -- JSON of what the library compares the browser's answer with.
    state      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX ceremony_by_end ON ceremony (expires_at);
CREATE INDEX ceremony_by_user ON ceremony (user_id) WHERE user_id IS NOT NULL;
