-- Text search differs by engine: trigrams of Postgres' pg_trgm.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX users_search ON users USING gin (search gin_trgm_ops);
