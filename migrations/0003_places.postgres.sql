-- Search by places: for every sign of a user's `search`, five signs from there, marked with the end of the organization's
-- id. A text of up to five signs is the beginning of such a place; of a longer one the rare pieces lead to few users. The
-- trigrams before were short and thus in everybody's line: their lists had to be walked to the end for a rare text.
--
-- In a table of its own, because users change with every step they take, and what they are searched by hardly ever does.
CREATE TABLE user_search (
    organization_id TEXT NOT NULL,
    number          BIGINT NOT NULL,
    search          TEXT NOT NULL,
    PRIMARY KEY (organization_id, number)
);

CREATE FUNCTION search_places(organization_id TEXT, search TEXT) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT right(organization_id, 4) || substr(search, place, 5) FROM generate_series(1, length(search) - 2) AS place
    ))
$$;

INSERT INTO user_search SELECT organization_id, number, search FROM users ORDER BY number;
SET LOCAL maintenance_work_mem = '256MB';
-- What waits to be sorted in is read by every search: keep it short.
CREATE INDEX user_search_places ON user_search USING gin (search_places(organization_id, search)) WITH (gin_pending_list_limit = 256);
ANALYZE user_search;

CREATE FUNCTION follow_user_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM user_search WHERE user_search.organization_id = OLD.organization_id AND user_search.number = OLD.number;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO user_search (organization_id, number, search) VALUES (NEW.organization_id, NEW.number, NEW.search);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER users_search_kept AFTER INSERT OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION follow_user_search();
CREATE TRIGGER users_search_changed AFTER UPDATE OF search ON users FOR EACH ROW
    WHEN (OLD.search <> NEW.search) EXECUTE FUNCTION follow_user_search();

DROP INDEX users_search;
