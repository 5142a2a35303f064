-- One database for all services, in which each has a role, and a schema of the same name that only it can enter.
-- May be run again at any time. Run by deploy/postgres/roles, for every form of installation.
-- Takes from the environment: VIGIL_DATABASE, and VIGIL_PASSWORD_<SERVICE> for each of the four.
\set ON_ERROR_STOP on
\set QUIET on
\o /dev/null
SET client_min_messages = warning;

\getenv database VIGIL_DATABASE
\getenv authoring VIGIL_PASSWORD_AUTHORING
\getenv publishing VIGIL_PASSWORD_PUBLISHING
\getenv notification VIGIL_PASSWORD_NOTIFICATION
\getenv identity VIGIL_PASSWORD_IDENTITY

CREATE TEMPORARY TABLE service (name text, password text NOT NULL CHECK (password <> ''));
INSERT INTO service VALUES
  ('authoring', :'authoring'), ('publishing', :'publishing'), ('notification', :'notification'), ('identity', :'identity');

SELECT format('CREATE ROLE %I', name) FROM service WHERE to_regrole(name) IS NULL \gexec
SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS PASSWORD %L', name, password) FROM service \gexec
SELECT format('ALTER ROLE %I SET search_path = %I', name, name) FROM service \gexec
-- Above 60 s: Marten's leader holds its lock through a pg_sleep(60), which must end by itself.
SELECT format('ALTER ROLE %I SET statement_timeout = ''90s''', name) FROM service \gexec

-- Whatever the cluster was made with.
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8''', :'database') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE postgres, template1, :"database" FROM PUBLIC;
-- Temporary tables are what bulk inserts go through.
SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', :'database', name) FROM service \gexec

\connect :"database"
SET client_min_messages = warning;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS authoring AUTHORIZATION authoring;
CREATE SCHEMA IF NOT EXISTS publishing AUTHORIZATION publishing;
CREATE SCHEMA IF NOT EXISTS notification AUTHORIZATION notification;
CREATE SCHEMA IF NOT EXISTS identity AUTHORIZATION identity;

-- The ledger: what must stay true after a restore. A database of its own, so that no backup of the other has it; where it is
-- on another server, made there by this same script. Ids, digests, numbers and times; rows are added, and neither changed nor
-- removed by any service.
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8''', :'database' || '_ledger') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database' || '_ledger') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'database' || '_ledger') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO authoring, publishing, notification', :'database' || '_ledger') \gexec

\set ledger :database _ledger
\connect :"ledger"
SET client_min_messages = warning;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS ledger;
GRANT USAGE ON SCHEMA ledger TO authoring, publishing, notification;

-- Which ledger this is. A backup names the one that it needs.
CREATE TABLE IF NOT EXISTS ledger.identity (one boolean PRIMARY KEY DEFAULT true CHECK (one), id uuid NOT NULL DEFAULT gen_random_uuid());
INSERT INTO ledger.identity DEFAULT VALUES ON CONFLICT DO NOTHING;

-- What took a story, or words of it, from readers: the event's id, and what is needed to do it again. The text is named by its salted hash.
CREATE TABLE IF NOT EXISTS ledger.removals (
  event uuid PRIMARY KEY, place bigint GENERATED ALWAYS AS IDENTITY UNIQUE, article uuid NOT NULL, version bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('withdrawn', 'retracted', 'taken-down', 'text-erased')), editions text[], text text, at timestamptz NOT NULL);
GRANT SELECT, INSERT ON ledger.removals TO authoring;
GRANT SELECT ON ledger.removals TO publishing, notification;

-- Readers who left, and mails that may have left, by digests under Notification's secret: without it nothing tells whose they
-- are, nor which of them belong together.
CREATE TABLE IF NOT EXISTS ledger.departures (event uuid PRIMARY KEY, place bigint GENERATED ALWAYS AS IDENTITY UNIQUE, reader uuid NOT NULL, at timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS ledger.claims (mail uuid PRIMARY KEY, restore uuid NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS claims_at ON ledger.claims USING brin (at);
GRANT SELECT, INSERT ON ledger.departures, ledger.claims TO notification;

-- Longer than any backup is kept, and the one thing that may be forgotten here.
CREATE OR REPLACE FUNCTION ledger.forget_claims() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
  AS $$ DELETE FROM ledger.claims WHERE at < now() - interval '35 days' $$;
REVOKE ALL ON FUNCTION ledger.forget_claims() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.forget_claims() TO notification;

-- Each restore and who began it, and which services have taken over what was removed since. All work again once all three have.
CREATE TABLE IF NOT EXISTS ledger.restores (id uuid PRIMARY KEY, backup uuid NOT NULL, taken timestamptz NOT NULL, by_uid bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS ledger.reapplied (
  restore uuid NOT NULL REFERENCES ledger.restores, service text NOT NULL DEFAULT current_user, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (restore, service));
GRANT SELECT ON ledger.restores TO authoring, publishing, notification;
GRANT SELECT, INSERT ON ledger.reapplied TO authoring, publishing, notification;
ALTER TABLE ledger.reapplied ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS every_service_reads ON ledger.reapplied;
DROP POLICY IF EXISTS each_for_itself ON ledger.reapplied;
CREATE POLICY every_service_reads ON ledger.reapplied FOR SELECT USING (true);
CREATE POLICY each_for_itself ON ledger.reapplied FOR INSERT WITH CHECK (service = current_user);
