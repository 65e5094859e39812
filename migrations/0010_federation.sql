-- Sign-ins by a company account that a browser is in the middle of. Each row is deleted by whoever comes back with its
-- state, before anything is checked.
CREATE TABLE company_flow (
    -- SHA-256 of the state that the provider sends back.
    id          TEXT PRIMARY KEY,
    provider_id TEXT NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
    -- NULL for a sign-in: who it is, the provider says.
    user_id     TEXT REFERENCES users (id) ON DELETE CASCADE,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX company_flow_by_end ON company_flow (expires_at);
CREATE INDEX company_flow_by_provider ON company_flow (provider_id);
CREATE INDEX company_flow_by_user ON company_flow (user_id) WHERE user_id IS NOT NULL;
