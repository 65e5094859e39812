-- Answers that are given again: one row a client and Idempotency-Key, for a day.
CREATE TABLE idempotency (
    -- MAC of the client and its key, which is not stored.
    id              TEXT PRIMARY KEY,
    -- MAC of the request.
    request         TEXT NOT NULL,
    -- The run that may store the answer, and until when another must not take its place.
    lease           TEXT NOT NULL,
    leased_until    BIGINT NOT NULL,
    -- The answer under a key that follows from the client's; NULL while the request is under way.
    answer          TEXT,
    expires_at      BIGINT NOT NULL
);
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
