-- Files that recipients download by a link in an email. The file itself is in the file store, sealed under a key that is in the link alone.
create table documents (
  id uuid primary key,
  service_id uuid not null references services,
  -- The email it went with, and the placeholder that holds its link; null for a file that was uploaded by itself.
  notification_id uuid,
  placeholder text,
  -- Name, type and size, sealed under the same key as the file: whoever can open them has the link. Null once the file is removed.
  sealed_details bytea,
  -- Of the address that must be given before the file is; null when none is asked for. Argon2id.
  recipient_hash text,
  -- The key, sealed under the service's, as long as its email waits to be sent: null from then on.
  sealed_key bytea,
  -- The last day, where the deployment is at home.
  available_until date not null,
  created_at timestamptz not null default now(),
  blocked_at timestamptz,
  removed_at timestamptz,
  downloads integer not null default 0,
  last_downloaded_at timestamptz
);
create index documents_of on documents (notification_id) where notification_id is not null;
-- Nearly empty, since keys are kept for moments: what dispatch looks into costs it nothing.
create index documents_waiting on documents (notification_id) where sealed_key is not null;
create index documents_by_end on documents (available_until) where removed_at is null;
create index documents_removed on documents (removed_at) where removed_at is not null;
