-- Search by shelves: the users of an organization stand, by their numbers, on shelves of about 65,536, and the index marks
-- each place with its shelf. A search looks at the newest shelf first and stops when the page is full, so a text that a
-- thousand of a million users have costs what it costs on a shelf or two: a list of the index cannot be read from its end.
LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE;

-- A shelf holds the users from its first number up to the next shelf's. The users before every shelf stand on shelf 0.
CREATE TABLE search_shelf (
    organization_id TEXT NOT NULL,
    first_number    BIGINT NOT NULL,
    shelf           INTEGER NOT NULL GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (organization_id, first_number)
);

CREATE FUNCTION search_shelf_of(organization TEXT, number BIGINT) RETURNS INTEGER LANGUAGE sql STABLE AS $$
    SELECT COALESCE(
        (SELECT shelf FROM search_shelf WHERE organization_id = organization AND first_number <= number ORDER BY first_number DESC LIMIT 1),
        0
    )
$$;

INSERT INTO search_shelf (organization_id, first_number)
SELECT organization_id, number FROM (
    SELECT organization_id, number, row_number() OVER (PARTITION BY organization_id ORDER BY number) AS place FROM users
) AS line
WHERE place % 65536 = 0 ORDER BY number;

DROP TABLE user_search;
DROP FUNCTION search_places;
CREATE TABLE user_search (
    organization_id TEXT NOT NULL,
    number          BIGINT NOT NULL,
    shelf           INTEGER NOT NULL,
    search          TEXT NOT NULL,
    PRIMARY KEY (organization_id, number)
);

CREATE FUNCTION search_places(organization_id TEXT, shelf INTEGER, search TEXT) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT right(organization_id, 4) || CAST(shelf AS TEXT) || '/' || substr(search, place, 5) FROM generate_series(1, length(search) - 2) AS place
    ))
$$;

INSERT INTO user_search
SELECT organization_id, number, search_shelf_of(organization_id, number), search FROM users ORDER BY number;
SET LOCAL maintenance_work_mem = '256MB';
-- What waits to be sorted in is read by every search: keep it short.
CREATE INDEX user_search_places ON user_search USING gin (search_places(organization_id, shelf, search)) WITH (gin_pending_list_limit = 256);
ANALYZE user_search;

CREATE OR REPLACE FUNCTION follow_user_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM user_search WHERE user_search.organization_id = OLD.organization_id AND user_search.number = OLD.number;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        UPDATE user_search SET search = NEW.search
        WHERE user_search.organization_id = NEW.organization_id AND user_search.number = NEW.number;
        RETURN NULL;
    END IF;
    INSERT INTO user_search (organization_id, number, shelf, search)
    VALUES (NEW.organization_id, NEW.number, search_shelf_of(NEW.organization_id, NEW.number), NEW.search);
    -- One user in 65,536 begins a shelf, by chance. It begins a minute (a number is milliseconds and twenty bits) after the
    -- newest user, whoever's clock made them, when everybody knows of it: whoever did not would put a newer user on an older
    -- shelf, behind those who come after.
    IF hashint8extended(NEW.number, 0) % 65536 = 0 THEN
        INSERT INTO search_shelf (organization_id, first_number)
        SELECT NEW.organization_id, MAX(number) + (CAST(60000 AS BIGINT) << 20) FROM user_search
        WHERE user_search.organization_id = NEW.organization_id ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
