-- Written by `npm run schema` from the catalogue of a migrated database. Do not edit: add a migration.

create table api_keys (
  id uuid not null,
  service_id uuid not null,
  name text not null,
  kind text not null,
  sealed_secret bytea not null,
  created_at timestamp with time zone not null default now(),
  revoked_at timestamp with time zone,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_kind_check CHECK (kind = ANY (ARRAY['live'::text, 'team'::text, 'test'::text])),
  constraint api_keys_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE UNIQUE INDEX api_keys_name_in_use ON api_keys USING btree (service_id, name) WHERE revoked_at IS NULL;

create table audit_log (
  id uuid not null,
  at timestamp with time zone not null default now(),
  actor text not null,
  service_id uuid,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  constraint audit_log_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_log_by_service ON audit_log USING btree (service_id, id DESC);

create table awaited_receipts (
  provider text not null,
  message_id text not null,
  notification_id uuid not null,
  parts smallint not null,
  created_at timestamp with time zone not null default now(),
  constraint awaited_receipts_pkey PRIMARY KEY (provider, message_id)
) with (fillfactor=80, autovacuum_vacuum_scale_factor=0.05, autovacuum_vacuum_threshold=2000);
CREATE INDEX awaited_receipts_of_parts ON awaited_receipts USING btree (notification_id) WHERE parts > 1;

create table callback_attempts (
  id uuid not null,
  callback_id uuid,
  service_id uuid not null,
  subject_id uuid not null,
  kind text not null,
  attempt smallint not null,
  outcome text not null,
  http_status smallint,
  problem text,
  duration_ms integer not null,
  constraint callback_attempts_pkey PRIMARY KEY (id),
  constraint callback_attempts_outcome_check CHECK (outcome = ANY (ARRAY['delivered'::text, 'to-be-retried'::text, 'given-up'::text]))
) partition by RANGE (id);
CREATE INDEX callback_attempts_by_service ON ONLY callback_attempts USING btree (service_id, id DESC);
CREATE INDEX callback_attempts_of ON ONLY callback_attempts USING btree (subject_id, id);

create table callbacks (
  id uuid not null,
  service_id uuid not null,
  kind text not null,
  url text not null,
  sealed_bearer_token bytea not null,
  sealed_signing_secret bytea not null,
  created_at timestamp with time zone not null default now(),
  replaced_at timestamp with time zone,
  constraint callbacks_pkey PRIMARY KEY (id),
  constraint callbacks_kind_check CHECK (kind = ANY (ARRAY['delivery-receipt'::text, 'received-text'::text, 'complaint'::text, 'returned-letter'::text])),
  constraint callbacks_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE UNIQUE INDEX callbacks_in_use ON callbacks USING btree (service_id, kind) WHERE replaced_at IS NULL;

create table complaints (
  id uuid not null,
  notification_id uuid not null,
  service_id uuid not null,
  complained_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint complaints_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX complaints_once ON complaints USING btree (notification_id);

create table daily_totals (
  service_id uuid not null,
  kind text not null,
  day date not null,
  total integer not null,
  ceiling integer not null,
  constraint daily_totals_pkey PRIMARY KEY (service_id, kind, day),
  constraint daily_totals_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint within_daily_limit CHECK (total <= ceiling)
);

create table deployment (
  is_only_row boolean not null default true,
  id uuid not null,
  master_key_fingerprint text not null,
  settings jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  constraint deployment_pkey PRIMARY KEY (is_only_row),
  constraint deployment_is_only_row_check CHECK (is_only_row)
);

create table guest_list (
  service_id uuid not null,
  recipient_index bytea not null,
  channel text not null,
  sealed_recipient bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint guest_list_pkey PRIMARY KEY (service_id, recipient_index),
  constraint guest_list_channel_check CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text])),
  constraint guest_list_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);

create table idempotency_keys (
  service_id uuid not null,
  key_kind text not null,
  key_hash bytea not null,
  body_hash bytea not null,
  notification_id uuid not null,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_keys_once PRIMARY KEY (service_id, key_kind, key_hash)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys USING btree (created_at);

create table inbound_messages (
  id uuid not null,
  service_id uuid not null,
  notify_number text not null,
  sealed_content bytea not null,
  sender_index bytea not null,
  provider text not null,
  provider_reference text,
  sent_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  constraint inbound_messages_pkey PRIMARY KEY (id),
  constraint inbound_messages_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX inbound_messages_by_service ON inbound_messages USING btree (service_id, id DESC);
CREATE UNIQUE INDEX inbound_messages_once ON inbound_messages USING btree (provider, provider_reference) WHERE provider_reference IS NOT NULL;

create table inbound_numbers (
  number text not null,
  service_id uuid not null,
  is_active boolean not null default true,
  created_at timestamp with time zone not null default now(),
  constraint inbound_numbers_pkey PRIMARY KEY (number),
  constraint inbound_numbers_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX inbound_numbers_by_service ON inbound_numbers USING btree (service_id);

create table inbound_parts (
  service_id uuid not null,
  provider text not null,
  sender_index bytea not null,
  notify_number text not null,
  reference integer not null,
  total smallint not null,
  number smallint not null,
  sealed_content bytea not null,
  sent_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  message_id uuid,
  constraint inbound_parts_pkey PRIMARY KEY (provider, sender_index, notify_number, reference, total, number),
  constraint inbound_parts_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX inbound_parts_by_age ON inbound_parts USING btree (created_at);

create table jobs (
  queue text not null,
  id uuid not null,
  lane smallint not null,
  turn bigint not null,
  wake_at timestamp with time zone,
  leases smallint not null default 0,
  payload jsonb,
  constraint jobs_pkey PRIMARY KEY (queue, id)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=1000, autovacuum_vacuum_cost_delay=0);
CREATE INDEX jobs_asleep ON jobs USING btree (queue, wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX jobs_ready ON jobs USING btree (queue, lane, turn) WHERE wake_at IS NULL;

create table notification_events (
  id uuid not null,
  notification_id uuid not null,
  kind text not null,
  provider text,
  code text,
  reason text,
  constraint notification_events_pkey PRIMARY KEY (id)
) partition by RANGE (id);
CREATE INDEX notification_events_of ON ONLY notification_events USING btree (notification_id, id);

create table notifications (
  id uuid not null,
  service_id uuid not null,
  api_key_id uuid,
  key_kind text not null,
  channel text not null,
  template_id uuid not null,
  template_version integer not null,
  reference text,
  status text not null,
  sealed_content bytea,
  recipient_index bytea not null,
  sender text,
  lane smallint not null,
  is_international boolean not null,
  has_receipts boolean not null,
  country_prefix text,
  rate_multiplier smallint not null,
  fragments smallint not null,
  attempts smallint not null default 0,
  provider text,
  reported_code text,
  may_be_repeated boolean not null default false,
  created_by_name text,
  created_at timestamp with time zone not null,
  scheduled_for timestamp with time zone,
  valid_until timestamp with time zone,
  sent_at timestamp with time zone,
  updated_at timestamp with time zone,
  constraint notifications_pkey PRIMARY KEY (id)
) partition by RANGE (id);
CREATE INDEX notifications_by_recipient ON ONLY notifications USING btree (service_id, recipient_index, id DESC);
CREATE INDEX notifications_by_reference ON ONLY notifications USING btree (service_id, reference, id DESC) WHERE reference IS NOT NULL;
CREATE INDEX notifications_by_service ON ONLY notifications USING btree (service_id, id DESC);

create table organisations (
  id uuid not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint organisations_pkey PRIMARY KEY (id),
  constraint organisations_name_key UNIQUE (name)
);

create table providers (
  id uuid not null,
  name text not null,
  channel text not null,
  kind text not null,
  settings jsonb not null,
  sealed_secrets bytea not null,
  is_sandbox boolean not null default false,
  is_active boolean not null default true,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint providers_pkey PRIMARY KEY (id),
  constraint providers_channel_check CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text, 'letter'::text])),
  constraint providers_kind_check CHECK (kind = ANY (ARRAY['smpp'::text, 'smtp'::text, 'http'::text])),
  constraint providers_name_key UNIQUE (name)
);

create table rate_buckets (
  service_id uuid not null,
  key_kind text not null,
  tokens double precision not null,
  leased integer not null default 0,
  granted integer not null default 0,
  lease_ends_at timestamp with time zone,
  refilled_at timestamp with time zone not null,
  constraint rate_buckets_pkey PRIMARY KEY (service_id, key_kind)
);

create table reply_to_addresses (
  id uuid not null,
  service_id uuid not null,
  address text not null,
  is_default boolean not null default false,
  created_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint reply_to_addresses_pkey PRIMARY KEY (id),
  constraint reply_to_addresses_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE UNIQUE INDEX reply_to_addresses_default ON reply_to_addresses USING btree (service_id) WHERE is_default AND archived_at IS NULL;
CREATE UNIQUE INDEX reply_to_addresses_in_use ON reply_to_addresses USING btree (service_id, lower(address)) WHERE archived_at IS NULL;

create table routes (
  id uuid not null,
  channel text not null,
  provider_id uuid not null,
  key_kinds text[] not null,
  carries_international boolean not null default true,
  weight smallint not null,
  resting_weight smallint not null,
  weight_changed_at timestamp with time zone not null default now(),
  created_at timestamp with time zone not null default now(),
  constraint routes_pkey PRIMARY KEY (id),
  constraint routes_channel_check CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text, 'letter'::text])),
  constraint routes_channel_provider_id_key UNIQUE (channel, provider_id),
  constraint routes_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint routes_resting_weight_check CHECK (resting_weight >= 0 AND resting_weight <= 100),
  constraint routes_weight_check CHECK (weight >= 0 AND weight <= 100)
);

create table sandbox_outbox (
  id uuid not null,
  channel text not null,
  recipient_index bytea not null,
  sealed_message bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint sandbox_outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX sandbox_outbox_by_recipient ON sandbox_outbox USING btree (recipient_index, id DESC);

create table sending_domains (
  domain text not null,
  is_default boolean not null default false,
  dkim_selector text not null,
  sealed_dkim_private_key bytea not null,
  dkim_public_key text not null,
  bounce_domain text not null,
  created_at timestamp with time zone not null default now(),
  constraint sending_domains_pkey PRIMARY KEY (domain)
);
CREATE UNIQUE INDEX sending_domains_default ON sending_domains USING btree (is_default) WHERE is_default;

create table service_members (
  service_id uuid not null,
  user_id uuid not null,
  permissions text[] not null,
  created_at timestamp with time zone not null default now(),
  constraint service_members_pkey PRIMARY KEY (service_id, user_id),
  constraint service_members_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint service_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX service_members_by_user ON service_members USING btree (user_id);

create table services (
  id uuid not null,
  organisation_id uuid,
  name text not null,
  permissions text[] not null default '{sms,email,letter}'::text[],
  is_trial boolean not null default true,
  text_mode text not null default 'unicode'::text,
  prefixes_texts boolean not null default true,
  email_sender_local_part text,
  email_sending_domain text,
  rate_limit_per_minute integer not null default 3000,
  daily_limit_sms integer not null default 250000,
  daily_limit_email integer not null default 250000,
  daily_limit_letter integer not null default 20000,
  daily_limit_international_sms integer not null default 100,
  retention_days_sms smallint not null default 7,
  retention_days_email smallint not null default 7,
  retention_days_letter smallint not null default 7,
  wrapped_key bytea not null,
  created_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint services_pkey PRIMARY KEY (id),
  constraint services_daily_limit_email_check CHECK (daily_limit_email >= 0),
  constraint services_daily_limit_international_sms_check CHECK (daily_limit_international_sms >= 0),
  constraint services_daily_limit_letter_check CHECK (daily_limit_letter >= 0),
  constraint services_daily_limit_sms_check CHECK (daily_limit_sms >= 0),
  constraint services_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint services_rate_limit_per_minute_check CHECK (rate_limit_per_minute >= 0),
  constraint services_retention_days_email_check CHECK (retention_days_email >= 1 AND retention_days_email <= 90),
  constraint services_retention_days_letter_check CHECK (retention_days_letter >= 1 AND retention_days_letter <= 90),
  constraint services_retention_days_sms_check CHECK (retention_days_sms >= 1 AND retention_days_sms <= 90),
  constraint services_text_mode_check CHECK (text_mode = ANY (ARRAY['gsm'::text, 'unicode'::text]))
);

create table template_versions (
  template_id uuid not null,
  version integer not null,
  name text not null,
  subject text,
  body text not null,
  postage text,
  has_unsubscribe_link boolean not null default false,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  constraint template_versions_pkey PRIMARY KEY (template_id, version),
  constraint template_versions_template_id_fkey FOREIGN KEY (template_id) REFERENCES templates(id)
);

create table templates (
  id uuid not null,
  service_id uuid not null,
  channel text not null,
  version integer not null default 1,
  is_hidden boolean not null default false,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone,
  archived_at timestamp with time zone,
  constraint templates_pkey PRIMARY KEY (id),
  constraint templates_channel_check CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text, 'letter'::text])),
  constraint templates_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX templates_by_service ON templates USING btree (service_id);

create table text_senders (
  id uuid not null,
  service_id uuid not null,
  sender text not null,
  is_default boolean not null default false,
  created_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint text_senders_pkey PRIMARY KEY (id),
  constraint text_senders_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE UNIQUE INDEX text_senders_default ON text_senders USING btree (service_id) WHERE is_default AND archived_at IS NULL;
CREATE UNIQUE INDEX text_senders_in_use ON text_senders USING btree (service_id, sender) WHERE archived_at IS NULL;

create table unsubscribe_requests (
  id uuid not null,
  notification_id uuid not null,
  service_id uuid not null,
  template_id uuid not null,
  sealed_recipient bytea not null,
  created_at timestamp with time zone not null default now(),
  processed_at timestamp with time zone,
  constraint unsubscribe_requests_pkey PRIMARY KEY (id)
);
CREATE INDEX unsubscribe_requests_by_service ON unsubscribe_requests USING btree (service_id, id DESC);
CREATE UNIQUE INDEX unsubscribe_requests_waiting ON unsubscribe_requests USING btree (notification_id) WHERE processed_at IS NULL;

create table upkeep_runs (
  task text not null,
  ran_at timestamp with time zone not null,
  duration_ms integer not null,
  counts jsonb not null,
  constraint upkeep_runs_pkey PRIMARY KEY (task)
);

create table users (
  id uuid not null,
  name text not null,
  email_address text not null,
  mobile_number text,
  password_hash text,
  is_platform_admin boolean not null default false,
  created_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint users_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_by_email_address ON users USING btree (lower(email_address)) WHERE archived_at IS NULL;
