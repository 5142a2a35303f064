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

SELECT format('CREATE DATABASE %I TEMPLATE template0', :'database') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
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
