-- Written by `npm run schema` from the catalogue of a migrated database. Do not edit: add a migration.

create table account_links (
  token_hash bytea not null,
  user_id uuid not null,
  purpose text not null,
  email_address text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint account_links_pkey PRIMARY KEY (token_hash),
  constraint account_links_purpose_check CHECK (purpose = ANY (ARRAY['sign-in'::text, 'password'::text, 'email-address'::text])),
  constraint account_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX account_links_by_user ON account_links USING btree (user_id, created_at);

create table alert_rules (
  id uuid not null,
  service_id uuid,
  name text not null,
  kind text not null,
  threshold numeric(12,3) not null,
  window_minutes integer not null,
  least_count integer not null,
  sealed_destinations bytea not null,
  created_at timestamp with time zone not null default now(),
  sealed_secrets bytea,
  constraint alert_rules_pkey PRIMARY KEY (id),
  constraint alert_rules_kind_check CHECK (kind = ANY (ARRAY['failure-share'::text, 'slowness'::text, 'receipt-silence'::text, 'pumping'::text, 'balance'::text])),
  constraint alert_rules_least_count_check CHECK (least_count >= 1),
  constraint alert_rules_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint alert_rules_threshold_check CHECK (threshold >= 0::numeric),
  constraint alert_rules_window_minutes_check CHECK (window_minutes >= 5 AND window_minutes <= 1440)
);
CREATE UNIQUE INDEX alert_rules_name ON alert_rules USING btree (COALESCE(service_id, '00000000-0000-0000-0000-000000000000'::uuid), name);

create table alerts (
  id uuid not null,
  rule_id uuid not null,
  subject text not null,
  value numeric(14,3) not null,
  opened_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  reminders integer not null default 0,
  constraint alerts_pkey PRIMARY KEY (id),
  constraint alerts_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES alert_rules(id) ON DELETE CASCADE
);
CREATE INDEX alerts_of_rule ON alerts USING btree (rule_id, opened_at DESC);
CREATE UNIQUE INDEX alerts_open ON alerts USING btree (rule_id, subject) WHERE closed_at IS NULL;

create table api_keys (
  id uuid not null,
  service_id uuid not null,
  name text not null,
  kind text not null,
  sealed_secret bytea not null,
  created_at timestamp with time zone not null default now(),
  revoked_at timestamp with time zone,
  expires_at timestamp with time zone,
  allowed_networks text[] not null default '{}'::text[],
  last_used_at timestamp with time zone,
  last_used_from text,
  created_by text,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_kind_check CHECK (kind = ANY (ARRAY['live'::text, 'team'::text, 'test'::text])),
  constraint api_keys_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX api_keys_by_service ON api_keys USING btree (service_id);
CREATE UNIQUE INDEX api_keys_name_in_use ON api_keys USING btree (service_id, name) WHERE revoked_at IS NULL;

create table api_requests (
  id uuid not null,
  service_id uuid not null,
  api_key_id uuid not null,
  method text not null,
  path text not null,
  status smallint not null,
  duration_ms integer not null,
  error text,
  constraint api_requests_pkey PRIMARY KEY (id)
);
CREATE INDEX api_requests_by_service ON api_requests USING btree (service_id, id DESC);

create table areas (
  id uuid not null,
  service_id uuid not null,
  name text not null,
  area jsonb not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint areas_pkey PRIMARY KEY (id),
  constraint areas_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE UNIQUE INDEX areas_by_name ON areas USING btree (service_id, lower(name));

create table audit_log (
  id uuid not null,
  at timestamp with time zone not null default now(),
  actor text not null,
  service_id uuid,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  ip_address text,
  constraint audit_log_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_log_by_actor ON audit_log USING btree (actor, id DESC);
CREATE INDEX audit_log_by_service ON audit_log USING btree (service_id, id DESC);

create table awaited_receipts (
  provider text not null,
  message_id text not null,
  notification_id uuid not null,
  parts smallint not null,
  created_at timestamp with time zone not null default now(),
  constraint awaited_receipts_pkey PRIMARY KEY (provider, message_id)
) with (fillfactor=80, autovacuum_vacuum_scale_factor=0.05, autovacuum_vacuum_threshold=2000, autovacuum_analyze_threshold=100000);
CREATE INDEX awaited_receipts_of_parts ON awaited_receipts USING btree (notification_id) WHERE parts > 1;

create table balance_entries (
  id uuid not null,
  organisation_id uuid not null,
  at timestamp with time zone not null,
  kind text not null,
  amount numeric(16,6) not null,
  held_change numeric(16,6) not null default 0,
  texts integer not null default 0,
  actor text,
  note text not null default ''::text,
  constraint balance_entries_pkey PRIMARY KEY (id),
  constraint balance_entries_kind_check CHECK (kind = ANY (ARRAY['top-up'::text, 'adjustment'::text, 'hold'::text, 'settlement'::text, 'release'::text])),
  constraint balance_entries_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id)
);
CREATE INDEX balance_entries_of_organisation ON balance_entries USING btree (organisation_id, id DESC);

create table balance_holds (
  notification_id uuid not null,
  organisation_id uuid not null,
  amount numeric(16,6) not null,
  held_at timestamp with time zone not null,
  look_at timestamp with time zone not null,
  is_entered boolean not null default false,
  constraint balance_holds_pkey PRIMARY KEY (notification_id),
  constraint balance_holds_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id)
) with (autovacuum_vacuum_scale_factor=0.05, autovacuum_vacuum_threshold=2000);
CREATE INDEX balance_holds_to_look_at ON balance_holds USING btree (look_at);

create table brands (
  id uuid not null,
  channel text not null,
  service_id uuid,
  name text,
  format text not null,
  picture bytea not null,
  width integer,
  height integer,
  alternative_text text not null,
  colour text,
  style text not null default 'banner'::text,
  changed_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint brands_pkey PRIMARY KEY (id),
  constraint brands_channel_check CHECK (channel = ANY (ARRAY['email'::text, 'letter'::text])),
  constraint brands_check CHECK ((service_id IS NULL) = (name IS NOT NULL)),
  constraint brands_check1 CHECK (channel <> 'email'::text OR format = 'png'::text AND width IS NOT NULL AND height IS NOT NULL),
  constraint brands_colour_check CHECK (colour ~ '^#[0-9a-f]{6}$'::text),
  constraint brands_format_check CHECK (format = ANY (ARRAY['png'::text, 'svg'::text])),
  constraint brands_height_check CHECK (height > 0),
  constraint brands_id_channel_key UNIQUE (id, channel),
  constraint brands_service_id_channel_key UNIQUE (service_id, channel),
  constraint brands_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint brands_style_check CHECK (style = ANY (ARRAY['banner'::text, 'bar'::text])),
  constraint brands_width_check CHECK (width > 0)
);
CREATE UNIQUE INDEX brands_name ON brands USING btree (channel, lower(name)) WHERE archived_at IS NULL;

create table budget_warnings (
  service_id uuid not null,
  month text not null,
  monthly_budget integer not null,
  percent smallint not null,
  warned_at timestamp with time zone not null,
  constraint budget_warnings_pkey PRIMARY KEY (service_id, month, monthly_budget, percent),
  constraint budget_warnings_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);

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

create table callback_failures (
  callback_id uuid not null,
  failures integer not null,
  first_failed_at timestamp with time zone not null,
  last_failed_at timestamp with time zone not null,
  constraint callback_failures_pkey PRIMARY KEY (callback_id),
  constraint callback_failures_callback_id_fkey FOREIGN KEY (callback_id) REFERENCES callbacks(id)
);

create table callbacks (
  id uuid not null,
  service_id uuid not null,
  kind text,
  url text not null,
  sealed_bearer_token bytea not null,
  sealed_signing_secret bytea not null,
  created_at timestamp with time zone not null default now(),
  replaced_at timestamp with time zone,
  endpoint_id uuid not null,
  kinds text[] not null,
  paused_at timestamp with time zone,
  constraint callbacks_pkey PRIMARY KEY (id),
  constraint callbacks_kind_check CHECK (kind = ANY (ARRAY['delivery-receipt'::text, 'received-text'::text, 'complaint'::text, 'returned-letter'::text])),
  constraint callbacks_kinds_check CHECK (kinds <> '{}'::text[] AND kinds <@ ARRAY['delivery-receipt'::text, 'received-text'::text, 'complaint'::text, 'returned-letter'::text, 'reach'::text]),
  constraint callbacks_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE UNIQUE INDEX callbacks_in_use ON callbacks USING btree (endpoint_id) WHERE replaced_at IS NULL;
CREATE INDEX callbacks_of_endpoint ON callbacks USING btree (service_id, endpoint_id);

create table canaries (
  id uuid not null,
  provider_id uuid not null,
  sent_at timestamp with time zone not null,
  outcome text,
  code text,
  reported_at timestamp with time zone,
  constraint canaries_pkey PRIMARY KEY (id),
  constraint canaries_outcome_check CHECK (outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'not-taken'::text, 'late'::text])),
  constraint canaries_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id) ON DELETE CASCADE
);
CREATE INDEX canaries_of_provider ON canaries USING btree (provider_id, id DESC);

create table chat_contacts (
  provider text not null,
  recipient_index bytea not null,
  service_id uuid not null,
  written_to_at timestamp with time zone,
  wrote_at timestamp with time zone,
  changed_at timestamp with time zone not null,
  constraint chat_contacts_pkey PRIMARY KEY (recipient_index, provider),
  constraint chat_contacts_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
) with (fillfactor=80);
CREATE INDEX chat_contacts_by_age ON chat_contacts USING btree (changed_at);

create table complaints (
  id uuid not null,
  notification_id uuid not null,
  service_id uuid not null,
  complained_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint complaints_pkey PRIMARY KEY (id)
);
CREATE INDEX complaints_by_time ON complaints USING btree (complained_at, id);
CREATE INDEX complaints_of_service ON complaints USING btree (service_id, complained_at, id);
CREATE UNIQUE INDEX complaints_once ON complaints USING btree (notification_id);

create table connection_calls (
  id uuid not null,
  connection_id uuid not null,
  outcome text not null,
  reason text,
  notification_id uuid,
  event_index bytea,
  constraint connection_calls_pkey PRIMARY KEY (id),
  constraint connection_calls_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE,
  constraint connection_calls_outcome_check CHECK (outcome = ANY (ARRAY['sent'::text, 'repeated'::text, 'left-out'::text, 'refused'::text]))
);
CREATE INDEX connection_calls_events ON connection_calls USING btree (connection_id, event_index) WHERE outcome = 'sent'::text AND event_index IS NOT NULL;
CREATE INDEX connection_calls_latest ON connection_calls USING btree (connection_id, id DESC);

create table connections (
  id uuid not null,
  service_id uuid not null,
  name text not null,
  kind text not null,
  template_id uuid not null,
  recipient_path text not null,
  fields jsonb not null,
  conditions jsonb not null,
  event_path text,
  repeat_days smallint not null,
  organization_id text,
  sealed_secret bytea not null,
  is_on boolean not null default true,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  constraint connections_pkey PRIMARY KEY (id),
  constraint connections_by_name UNIQUE (service_id, name),
  constraint connections_kind_check CHECK (kind = ANY (ARRAY['pipedrive'::text, 'salesforce'::text, 'woocommerce'::text, 'json'::text])),
  constraint connections_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint connections_template_id_fkey FOREIGN KEY (template_id) REFERENCES templates(id)
);

create table contact_consents (
  id uuid not null,
  contact_id uuid not null,
  purpose text not null,
  given_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  sealed_words bytea not null,
  constraint contact_consents_pkey PRIMARY KEY (id),
  constraint contact_consents_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id) ON DELETE CASCADE
);
CREATE INDEX contact_consents_by_contact ON contact_consents USING btree (contact_id, id);
CREATE UNIQUE INDEX contact_consents_once ON contact_consents USING btree (contact_id, purpose) WHERE withdrawn_at IS NULL;

create table contact_group_members (
  group_id uuid not null,
  contact_id uuid not null,
  added_at timestamp with time zone not null,
  constraint contact_group_members_pkey PRIMARY KEY (group_id, contact_id),
  constraint contact_group_members_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id) ON DELETE CASCADE,
  constraint contact_group_members_group_id_fkey FOREIGN KEY (group_id) REFERENCES contact_groups(id) ON DELETE CASCADE
);
CREATE INDEX contact_group_members_by_contact ON contact_group_members USING btree (contact_id);

create table contact_groups (
  id uuid not null,
  service_id uuid not null,
  name text not null,
  created_at timestamp with time zone not null,
  constraint contact_groups_pkey PRIMARY KEY (id),
  constraint contact_groups_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE UNIQUE INDEX contact_groups_by_name ON contact_groups USING btree (service_id, lower(name));
CREATE INDEX contact_groups_by_service ON contact_groups USING btree (service_id, id DESC);

create table contact_import_drafts (
  id uuid not null,
  service_id uuid not null,
  user_id uuid not null,
  sealed_table bytea not null,
  group_id uuid,
  saved_at timestamp with time zone not null,
  constraint contact_import_drafts_pkey PRIMARY KEY (id),
  constraint contact_import_drafts_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX contact_import_drafts_by_age ON contact_import_drafts USING btree (saved_at);

create table contact_totals (
  service_id uuid not null,
  contacts integer not null default 0,
  constraint contact_totals_pkey PRIMARY KEY (service_id),
  constraint contact_totals_contacts_check CHECK (contacts >= 0),
  constraint contact_totals_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
) with (fillfactor=50);

create table contacts (
  id uuid not null,
  service_id uuid not null,
  number_index bytea,
  address_index bytea,
  sealed_details bytea not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint contacts_pkey PRIMARY KEY (id),
  constraint contacts_by_address UNIQUE (service_id, address_index) DEFERRABLE,
  constraint contacts_by_number UNIQUE (service_id, number_index) DEFERRABLE,
  constraint contacts_check CHECK (number_index IS NOT NULL OR address_index IS NOT NULL),
  constraint contacts_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX contacts_by_service ON contacts USING btree (service_id, id DESC);

create table content_rules (
  id uuid not null,
  service_id uuid,
  name text not null,
  looks_for text not null,
  entries text[] not null,
  channels text[] not null,
  country_prefixes text[] not null,
  created_at timestamp with time zone not null default now(),
  action text not null default 'refuse'::text,
  constraint content_rules_pkey PRIMARY KEY (id),
  constraint content_rules_action_check CHECK (action = ANY (ARRAY['refuse'::text, 'hold'::text])),
  constraint content_rules_channels_check CHECK (channels <@ '{sms,email,letter,chat}'::text[] AND cardinality(channels) > 0),
  constraint content_rules_looks_for_check CHECK (looks_for = ANY (ARRAY['words'::text, 'links'::text, 'unlisted-links'::text, 'short-links'::text, 'address-links'::text])),
  constraint content_rules_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE UNIQUE INDEX content_rules_name ON content_rules USING btree (COALESCE(service_id, '00000000-0000-0000-0000-000000000000'::uuid), name);

create table conversations (
  service_id uuid not null,
  sender_index bytea not null,
  newest_text_id uuid not null,
  read_up_to_id uuid,
  assignee_id uuid,
  closed_at timestamp with time zone,
  changed_at timestamp with time zone not null,
  constraint conversations_pkey PRIMARY KEY (service_id, sender_index),
  constraint conversations_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES users(id),
  constraint conversations_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX conversations_by_change ON conversations USING btree (service_id, changed_at DESC);
CREATE INDEX conversations_by_newest ON conversations USING btree (service_id, newest_text_id DESC);

create table counted_hours (
  hour timestamp with time zone not null,
  counted_at timestamp with time zone not null,
  has_unfinished boolean not null,
  is_folded boolean not null default false,
  constraint counted_hours_pkey PRIMARY KEY (hour)
);

create table country_sender_rules (
  country_prefix text not null,
  sender_types text[] not null,
  registered_only boolean not null default false,
  needs_signature boolean not null default false,
  requirements text not null default ''::text,
  constraint country_sender_rules_pkey PRIMARY KEY (country_prefix),
  constraint country_sender_rules_sender_types_check CHECK (sender_types <@ ARRAY['alphanumeric'::text, 'long-number'::text, 'short-code'::text] AND sender_types <> '{}'::text[])
);

create table daily_lookups (
  service_id uuid not null,
  day date not null,
  asked integer not null,
  constraint daily_lookups_pkey PRIMARY KEY (service_id, day),
  constraint daily_lookups_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);

create table daily_statistics (
  service_id uuid not null,
  day date not null,
  channel text not null,
  key_kind text not null,
  template_id uuid not null,
  status text not null,
  code text not null,
  rate_multiplier smallint not null,
  messages integer not null,
  fragments integer not null,
  country_prefix text not null default ''::text,
  postage text not null default ''::text,
  sheets_each smallint not null default 0,
  unit_price text not null default ''::text,
  constraint daily_statistics_pkey PRIMARY KEY (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix, postage, sheets_each, unit_price)
);

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

create table daily_verifications (
  service_id uuid not null,
  day date not null,
  key_kind text not null,
  asked integer not null,
  texts integer not null,
  emails integer not null,
  verified integer not null,
  constraint daily_verifications_pkey PRIMARY KEY (service_id, day, key_kind),
  constraint daily_verifications_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
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

create table documents (
  id uuid not null,
  service_id uuid not null,
  notification_id uuid,
  placeholder text,
  sealed_details bytea,
  recipient_hash text,
  sealed_key bytea,
  available_until date not null,
  created_at timestamp with time zone not null default now(),
  blocked_at timestamp with time zone,
  removed_at timestamp with time zone,
  downloads integer not null default 0,
  last_downloaded_at timestamp with time zone,
  template_file_id uuid,
  constraint documents_pkey PRIMARY KEY (id),
  constraint documents_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint documents_template_file_id_fkey FOREIGN KEY (template_file_id) REFERENCES template_files(id) ON DELETE SET NULL
);
CREATE INDEX documents_by_end ON documents USING btree (available_until) WHERE removed_at IS NULL;
CREATE INDEX documents_of ON documents USING btree (notification_id) WHERE notification_id IS NOT NULL;
CREATE INDEX documents_of_template_file ON documents USING btree (template_file_id) WHERE template_file_id IS NOT NULL;
CREATE INDEX documents_removed ON documents USING btree (removed_at) WHERE removed_at IS NOT NULL;
CREATE INDEX documents_waiting ON documents USING btree (notification_id) WHERE sealed_key IS NOT NULL;

create table door_news (
  process_id uuid not null,
  door text not null,
  binds integer not null,
  certificate_ends_at timestamp with time zone,
  seen_at timestamp with time zone not null,
  constraint door_news_pkey PRIMARY KEY (process_id, door),
  constraint door_news_door_check CHECK (door = ANY (ARRAY['smpp'::text, 'smtp'::text]))
);

create table exchange_rates (
  currency text not null,
  valid_from date not null,
  rate numeric(20,10) not null,
  constraint exchange_rates_pkey PRIMARY KEY (currency, valid_from),
  constraint exchange_rates_currency_check CHECK (currency ~ '^[A-Z]{3}$'::text),
  constraint exchange_rates_rate_check CHECK (rate > 0::numeric)
);

create table failing_recipients (
  service_id uuid not null,
  channel text not null,
  recipient_index bytea not null,
  failures smallint not null,
  latest_at timestamp with time zone not null,
  constraint failing_recipients_pkey PRIMARY KEY (service_id, channel, recipient_index),
  constraint failing_recipients_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
) with (fillfactor=70);
CREATE INDEX failing_recipients_by_age ON failing_recipients USING btree (latest_at);

create table flood_rules (
  id uuid not null,
  service_id uuid,
  counts_by text not null,
  at_least integer not null,
  times_usual smallint not null,
  window_minutes smallint not null,
  prefix_digits smallint not null,
  action text not null,
  stops_minutes integer not null,
  constraint flood_rules_pkey PRIMARY KEY (id),
  constraint flood_rules_action_check CHECK (action = ANY (ARRAY['refuse'::text, 'hold'::text])),
  constraint flood_rules_at_least_check CHECK (at_least >= 1 AND at_least <= 1000000),
  constraint flood_rules_counts_by_check CHECK (counts_by = ANY (ARRAY['prefix'::text, 'template'::text, 'spend'::text])),
  constraint flood_rules_prefix_digits_check CHECK (prefix_digits >= 0 AND prefix_digits <= 6),
  constraint flood_rules_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint flood_rules_stops_minutes_check CHECK (stops_minutes >= 0 AND stops_minutes <= 10080),
  constraint flood_rules_times_usual_check CHECK (times_usual >= 0 AND times_usual <= 100),
  constraint flood_rules_window_minutes_check CHECK (window_minutes >= 5 AND window_minutes <= 1440)
);
CREATE UNIQUE INDEX flood_rules_kind ON flood_rules USING btree (COALESCE(service_id, '00000000-0000-0000-0000-000000000000'::uuid), counts_by);

create table flood_stops (
  id uuid not null,
  rule_id uuid not null,
  service_id uuid not null,
  subject text not null,
  started_at timestamp with time zone not null,
  ends_at timestamp with time zone,
  refused bigint not null default 0,
  held bigint not null default 0,
  constraint flood_stops_pkey PRIMARY KEY (id),
  constraint flood_stops_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES flood_rules(id) ON DELETE CASCADE,
  constraint flood_stops_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX flood_stops_by_service ON flood_stops USING btree (service_id);
CREATE UNIQUE INDEX flood_stops_subject ON flood_stops USING btree (rule_id, service_id, subject);

create table flood_tallies (
  rule_id uuid not null,
  service_id uuid not null,
  subject text not null,
  slots integer[] not null,
  amounts numeric[] not null,
  total numeric not null,
  days integer[] not null,
  peaks numeric[] not null,
  ceiling numeric not null,
  times_usual smallint not null,
  constraint flood_tallies_pkey PRIMARY KEY (rule_id, service_id, subject),
  constraint within_flood_limit CHECK (total <= ceiling)
) with (fillfactor=50);

create table go_live_comments (
  id uuid not null,
  request_id uuid not null,
  user_id uuid not null,
  body text not null,
  created_at timestamp with time zone not null,
  constraint go_live_comments_pkey PRIMARY KEY (id),
  constraint go_live_comments_request_id_fkey FOREIGN KEY (request_id) REFERENCES go_live_requests(id),
  constraint go_live_comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX go_live_comments_by_request ON go_live_comments USING btree (request_id, id);

create table go_live_requests (
  id uuid not null,
  service_id uuid not null,
  requested_by uuid not null,
  status text not null,
  created_at timestamp with time zone not null,
  decided_by uuid,
  decided_at timestamp with time zone,
  constraint go_live_requests_pkey PRIMARY KEY (id),
  constraint go_live_requests_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users(id),
  constraint go_live_requests_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES users(id),
  constraint go_live_requests_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint go_live_requests_status_check CHECK (status = ANY (ARRAY['open'::text, 'approved'::text, 'refused'::text]))
);
CREATE UNIQUE INDEX go_live_requests_open ON go_live_requests USING btree (service_id) WHERE status = 'open'::text;

create table group_send_messages (
  send_id uuid not null,
  contact_id uuid not null,
  notification_id uuid not null,
  constraint group_send_messages_once PRIMARY KEY (send_id, contact_id),
  constraint group_send_messages_send_id_fkey FOREIGN KEY (send_id) REFERENCES group_sends(id) ON DELETE CASCADE
);

create table group_sends (
  id uuid not null,
  service_id uuid not null,
  group_id uuid not null,
  api_key_id uuid,
  created_by_name text,
  template_id uuid not null,
  channel text not null,
  sealed_request bytea not null,
  status text not null default 'sending'::text,
  stopped_because text,
  cursor uuid,
  members integer not null,
  accepted integer not null default 0,
  suppressed integer not null default 0,
  unreachable integer not null default 0,
  without_consent integer not null default 0,
  refused integer not null default 0,
  key_hash bytea,
  body_hash bytea,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  outside integer not null default 0,
  without_position integer not null default 0,
  constraint group_sends_pkey PRIMARY KEY (id),
  constraint group_sends_channel_check CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text])),
  constraint group_sends_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint group_sends_status_check CHECK (status = ANY (ARRAY['sending'::text, 'sent'::text, 'stopped'::text, 'cancelled'::text]))
);
CREATE INDEX group_sends_by_end ON group_sends USING btree (finished_at);
CREATE INDEX group_sends_by_group ON group_sends USING btree (group_id, id DESC);
CREATE UNIQUE INDEX group_sends_once ON group_sends USING btree (service_id, key_hash);

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

create table held_messages (
  notification_id uuid not null,
  service_id uuid not null,
  template_id uuid not null,
  channel text not null,
  cost numeric(16,6) not null,
  sent_by uuid,
  scheduled_for timestamp with time zone,
  expires_at timestamp with time zone not null,
  held_for text not null default 'much'::text,
  rule_name text,
  constraint held_messages_pkey PRIMARY KEY (notification_id),
  constraint held_messages_held_for_check CHECK (held_for = ANY (ARRAY['much'::text, 'content-rule'::text, 'flood'::text])),
  constraint held_messages_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint held_messages_template_id_fkey FOREIGN KEY (template_id) REFERENCES templates(id)
);
CREATE INDEX held_messages_by_expiry ON held_messages USING btree (expires_at);
CREATE INDEX held_messages_by_template ON held_messages USING btree (service_id, template_id, notification_id);

create table hourly_statistics (
  service_id uuid not null,
  hour timestamp with time zone not null,
  channel text not null,
  key_kind text not null,
  template_id uuid not null,
  status text not null,
  code text not null,
  rate_multiplier smallint not null,
  messages integer not null,
  fragments integer not null,
  country_prefix text not null default ''::text,
  postage text not null default ''::text,
  sheets_each smallint not null default 0,
  unit_price text not null default ''::text,
  constraint hourly_statistics_pkey PRIMARY KEY (service_id, hour, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix, postage, sheets_each, unit_price)
);
CREATE INDEX hourly_statistics_by_hour ON hourly_statistics USING btree (hour);

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

create table inbound_keywords (
  number text not null,
  keyword text not null,
  service_id uuid not null,
  constraint inbound_keywords_pkey PRIMARY KEY (number, keyword),
  constraint inbound_keywords_number_fkey FOREIGN KEY (number) REFERENCES inbound_numbers(number) ON DELETE CASCADE,
  constraint inbound_keywords_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);

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
  keyword text,
  asked text,
  app text,
  constraint inbound_messages_pkey PRIMARY KEY (id),
  constraint inbound_messages_asked_check CHECK (asked = ANY (ARRAY['stop'::text, 'start'::text, 'help'::text])),
  constraint inbound_messages_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX inbound_messages_by_sender ON inbound_messages USING btree (service_id, sender_index, id DESC);
CREATE INDEX inbound_messages_by_service ON inbound_messages USING btree (service_id, id DESC);
CREATE UNIQUE INDEX inbound_messages_once ON inbound_messages USING btree (provider, provider_reference) WHERE provider_reference IS NOT NULL;

create table inbound_numbers (
  number text not null,
  service_id uuid,
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

create table invitations (
  id uuid not null,
  service_id uuid,
  organisation_id uuid,
  email_address text not null,
  permissions text[] not null default '{}'::text[],
  hidden_folder_ids uuid[] not null default '{}'::uuid[],
  may_make_live boolean not null default false,
  status text not null,
  token_hash bytea not null,
  invited_by uuid not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  constraint invitations_pkey PRIMARY KEY (id),
  constraint invitations_check CHECK (num_nonnulls(service_id, organisation_id) = 1),
  constraint invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users(id),
  constraint invitations_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint invitations_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint invitations_status_check CHECK (status = ANY (ARRAY['pending'::text, 'accepted'::text, 'cancelled'::text])),
  constraint invitations_token_hash_key UNIQUE (token_hash)
);
CREATE UNIQUE INDEX invitations_pending ON invitations USING btree (COALESCE(service_id, organisation_id), lower(email_address)) WHERE status = 'pending'::text;

create table jobs (
  queue text not null,
  id uuid not null,
  lane smallint not null,
  turn bigint not null,
  wake_at timestamp with time zone,
  leases smallint not null default 0,
  payload jsonb,
  lease_ends_at timestamp with time zone,
  constraint jobs_pkey PRIMARY KEY (queue, id)
) with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=1000, autovacuum_vacuum_cost_delay=0, fillfactor=45, autovacuum_analyze_threshold=100000);
CREATE INDEX jobs_asleep ON jobs USING btree (queue, wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX jobs_ready ON jobs USING btree (queue, lane, turn) WHERE wake_at IS NULL;

create table join_request_managers (
  join_request_id uuid not null,
  user_id uuid not null,
  constraint join_request_managers_pkey PRIMARY KEY (join_request_id, user_id),
  constraint join_request_managers_join_request_id_fkey FOREIGN KEY (join_request_id) REFERENCES join_requests(id),
  constraint join_request_managers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);

create table join_requests (
  id uuid not null,
  service_id uuid not null,
  user_id uuid not null,
  reason text,
  status text not null,
  created_at timestamp with time zone not null,
  decided_by uuid,
  decided_at timestamp with time zone,
  constraint join_requests_pkey PRIMARY KEY (id),
  constraint join_requests_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users(id),
  constraint join_requests_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint join_requests_status_check CHECK (status = ANY (ARRAY['pending'::text, 'approved'::text, 'refused'::text])),
  constraint join_requests_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE UNIQUE INDEX join_requests_pending ON join_requests USING btree (service_id, user_id) WHERE status = 'pending'::text;

create table letter_attachments (
  id uuid not null,
  service_id uuid not null,
  file_name text not null,
  pages smallint not null,
  stored_as text not null,
  created_at timestamp with time zone not null default now(),
  constraint letter_attachments_pkey PRIMARY KEY (id),
  constraint letter_attachments_pages_check CHECK (pages >= 1 AND pages <= 10),
  constraint letter_attachments_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);

create table letter_contact_blocks (
  id uuid not null,
  service_id uuid not null,
  contact_block text not null,
  is_default boolean not null,
  created_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint letter_contact_blocks_pkey PRIMARY KEY (id),
  constraint letter_contact_blocks_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX letter_contact_blocks_by_service ON letter_contact_blocks USING btree (service_id) WHERE archived_at IS NULL;
CREATE UNIQUE INDEX letter_contact_blocks_default ON letter_contact_blocks USING btree (service_id) WHERE is_default AND archived_at IS NULL;

create table letter_uploads (
  id uuid not null,
  service_id uuid not null,
  uploaded_by_name text not null,
  sealed_details bytea not null,
  pages smallint not null,
  stored_as text not null,
  notification_id uuid,
  uploaded_at timestamp with time zone not null,
  constraint letter_uploads_pkey PRIMARY KEY (id),
  constraint letter_uploads_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX letter_uploads_by_age ON letter_uploads USING btree (uploaded_at);
CREATE INDEX letter_uploads_unsent ON letter_uploads USING btree (service_id, id) WHERE notification_id IS NULL;

create table letters (
  notification_id uuid not null,
  service_id uuid not null,
  is_precompiled boolean not null,
  postage text not null,
  sealed_address bytea,
  pages smallint,
  sheets smallint,
  reason_code text,
  reason_pages smallint[],
  stored_as text,
  pdf_bytes integer,
  pdf_sha256 bytea,
  awaits_print boolean not null default false,
  print_run_id uuid,
  handed_over_at timestamp with time zone,
  despatched_at timestamp with time zone,
  returned_at timestamp with time zone,
  constraint letters_pkey PRIMARY KEY (notification_id),
  constraint letters_postage_check CHECK (postage = ANY (ARRAY['first'::text, 'second'::text, 'economy'::text, 'europe'::text, 'rest-of-world'::text])),
  constraint letters_print_run_id_fkey FOREIGN KEY (print_run_id) REFERENCES print_runs(id)
) with (fillfactor=70);
CREATE INDEX letters_awaiting_print ON letters USING btree (notification_id) WHERE awaits_print;
CREATE INDEX letters_of_run ON letters USING btree (print_run_id) WHERE print_run_id IS NOT NULL;
CREATE INDEX letters_returned ON letters USING btree (service_id, returned_at) WHERE returned_at IS NOT NULL;
CREATE INDEX letters_supplied ON letters USING btree (service_id, notification_id) WHERE is_precompiled;

create table lookup_suppliers (
  id uuid not null,
  name text not null,
  settings jsonb not null,
  sealed_secrets bytea not null,
  is_active boolean not null default true,
  created_at timestamp with time zone not null default now(),
  is_sandbox boolean not null default false,
  constraint lookup_suppliers_pkey PRIMARY KEY (id),
  constraint lookup_suppliers_name_key UNIQUE (name)
);

create table message_views (
  id uuid not null,
  service_id uuid not null,
  user_id uuid not null,
  is_shared boolean not null,
  sealed_view bytea not null,
  created_at timestamp with time zone not null,
  constraint message_views_pkey PRIMARY KEY (id),
  constraint message_views_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint message_views_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX message_views_by_service ON message_views USING btree (service_id, id);

create table network_lookups (
  number_index bytea not null,
  sealed_result bytea not null,
  network text,
  looked_up_at timestamp with time zone not null,
  is_roaming boolean,
  constraint network_lookups_pkey PRIMARY KEY (number_index)
);
CREATE INDEX network_lookups_by_age ON network_lookups USING btree (looked_up_at);

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
  route_note text,
  unit_price numeric(12,6),
  network text,
  constraint notifications_pkey PRIMARY KEY (id)
) partition by RANGE (id);
CREATE INDEX notifications_by_recipient ON ONLY notifications USING btree (service_id, recipient_index, id DESC);
CREATE INDEX notifications_by_reference ON ONLY notifications USING btree (service_id, reference, id DESC) WHERE reference IS NOT NULL;
CREATE INDEX notifications_by_service ON ONLY notifications USING btree (service_id, id DESC);

create table one_off_drafts (
  id uuid not null,
  user_id uuid not null,
  service_id uuid not null,
  template_id uuid not null,
  sealed_draft bytea not null,
  notification_id uuid,
  saved_at timestamp with time zone not null,
  constraint one_off_drafts_pkey PRIMARY KEY (id),
  constraint one_off_drafts_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint one_off_drafts_template_id_fkey FOREIGN KEY (template_id) REFERENCES templates(id)
);
CREATE INDEX one_off_drafts_by_age ON one_off_drafts USING btree (saved_at);

create table one_time_codes (
  id uuid not null,
  user_id uuid not null,
  purpose text not null,
  code_hash bytea not null,
  mobile_number text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint one_time_codes_pkey PRIMARY KEY (id),
  constraint one_time_codes_purpose_check CHECK (purpose = ANY (ARRAY['sign-in'::text, 'mobile-number'::text])),
  constraint one_time_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX one_time_codes_by_user ON one_time_codes USING btree (user_id, created_at);

create table organisation_balances (
  organisation_id uuid not null,
  is_on boolean not null default false,
  available numeric(16,6) not null default 0,
  held numeric(16,6) not null default 0,
  credit_limit numeric(16,6) not null default 0,
  low_at numeric(16,6),
  is_told_low boolean not null default false,
  constraint organisation_balances_pkey PRIMARY KEY (organisation_id),
  constraint organisation_balances_credit_limit_check CHECK (credit_limit >= 0::numeric),
  constraint organisation_balances_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint within_balance CHECK ((available + credit_limit) >= 0::numeric OR NOT is_on)
) with (fillfactor=50);

create table organisation_brands (
  organisation_id uuid not null,
  brand_id uuid not null,
  channel text not null,
  is_default boolean not null default false,
  constraint organisation_brands_pkey PRIMARY KEY (organisation_id, brand_id),
  constraint organisation_brands_brand_id_channel_fkey FOREIGN KEY (brand_id, channel) REFERENCES brands(id, channel),
  constraint organisation_brands_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id)
);
CREATE INDEX organisation_brands_by_brand ON organisation_brands USING btree (brand_id);
CREATE UNIQUE INDEX organisation_brands_default ON organisation_brands USING btree (organisation_id, channel) WHERE is_default;

create table organisation_domains (
  domain text not null,
  organisation_id uuid not null,
  constraint organisation_domains_pkey PRIMARY KEY (domain),
  constraint organisation_domains_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id)
);
CREATE INDEX organisation_domains_by_organisation ON organisation_domains USING btree (organisation_id);

create table organisation_members (
  organisation_id uuid not null,
  user_id uuid not null,
  may_make_live boolean not null default false,
  created_at timestamp with time zone not null default now(),
  constraint organisation_members_pkey PRIMARY KEY (organisation_id, user_id),
  constraint organisation_members_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint organisation_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX organisation_members_by_user ON organisation_members USING btree (user_id);

create table organisations (
  id uuid not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  is_internal boolean not null default false,
  approves_own_services boolean not null default false,
  takes_join_requests boolean not null default true,
  constraint organisations_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX organisations_internal ON organisations USING btree (is_internal) WHERE is_internal;
CREATE UNIQUE INDEX organisations_name ON organisations USING btree (name) WHERE NOT is_internal;

create table passkey_challenges (
  user_id uuid not null,
  purpose text not null,
  challenge text not null,
  expires_at timestamp with time zone not null,
  constraint passkey_challenges_pkey PRIMARY KEY (user_id, purpose),
  constraint passkey_challenges_purpose_check CHECK (purpose = ANY (ARRAY['register'::text, 'sign-in'::text])),
  constraint passkey_challenges_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);

create table passkeys (
  id uuid not null,
  user_id uuid not null,
  name text not null,
  credential_id text not null,
  public_key bytea not null,
  sign_count bigint not null,
  transports text[] not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  constraint passkeys_pkey PRIMARY KEY (id),
  constraint passkeys_credential_id_key UNIQUE (credential_id),
  constraint passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX passkeys_by_user ON passkeys USING btree (user_id);

create table prices (
  prefix text not null,
  valid_from date not null,
  from_fragments integer not null,
  price numeric(12,6) not null,
  label text not null default ''::text,
  network text not null default ''::text,
  constraint prices_pkey PRIMARY KEY (prefix, network, valid_from, from_fragments),
  constraint prices_from_fragments_check CHECK (from_fragments >= 0),
  constraint prices_network_check CHECK (network ~ '^([0-9]{5,6})?$'::text),
  constraint prices_prefix_check CHECK (prefix ~ '^[1-9][0-9]{0,8}$'::text),
  constraint prices_price_check CHECK (price >= 0::numeric)
);

create table print_runs (
  id uuid not null,
  provider text not null,
  cut_off_at timestamp with time zone not null,
  letters integer not null,
  failed_tries smallint not null default 0,
  last_problem text,
  prepared_at timestamp with time zone,
  finished_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint print_runs_pkey PRIMARY KEY (id)
);
CREATE INDEX print_runs_unfinished ON print_runs USING btree (id) WHERE finished_at IS NULL;

create table protected_sender_names (
  id uuid not null,
  name text not null,
  covers_longer boolean not null default false,
  organisation_ids uuid[] not null default '{}'::uuid[],
  service_ids uuid[] not null default '{}'::uuid[],
  created_at timestamp with time zone not null default now(),
  constraint protected_sender_names_pkey PRIMARY KEY (id),
  constraint protected_sender_names_name_key UNIQUE (name)
);

create table provider_circuits (
  provider_id uuid not null,
  state text not null,
  share double precision not null,
  trouble jsonb,
  openings integer not null,
  changed_at timestamp with time zone not null,
  constraint provider_circuits_pkey PRIMARY KEY (provider_id),
  constraint provider_circuits_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id) ON DELETE CASCADE,
  constraint provider_circuits_share_check CHECK (share >= 0::double precision AND share <= 1::double precision),
  constraint provider_circuits_state_check CHECK (state = ANY (ARRAY['closed'::text, 'open'::text, 'half-open'::text]))
);

create table provider_health (
  provider_id uuid not null,
  process_id uuid not null,
  is_available boolean not null,
  capacity integer not null,
  reason text,
  changed_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  constraint provider_health_pkey PRIMARY KEY (provider_id, process_id),
  constraint provider_health_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id) ON DELETE CASCADE
) with (fillfactor=50);

create table provider_prices (
  provider_id uuid not null,
  country_prefix text not null,
  price numeric(12,6) not null,
  network text not null default ''::text,
  constraint provider_prices_pkey PRIMARY KEY (provider_id, country_prefix, network),
  constraint provider_prices_network_check CHECK (network ~ '^([0-9]{5,6})?$'::text),
  constraint provider_prices_price_check CHECK (price >= 0::numeric),
  constraint provider_prices_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id) ON DELETE CASCADE
);

create table provider_tallies (
  provider_id uuid not null,
  process_id uuid not null,
  told_at timestamp with time zone not null,
  tally jsonb not null,
  constraint provider_tallies_pkey PRIMARY KEY (provider_id, process_id),
  constraint provider_tallies_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id) ON DELETE CASCADE
) with (fillfactor=50);

create table provider_volumes (
  hour timestamp with time zone not null,
  provider text not null,
  rate_multiplier smallint not null,
  messages integer not null,
  fragments integer not null,
  currency text not null default ''::text,
  charged numeric(16,6),
  cost numeric(16,6),
  unpriced_fragments integer not null default 0,
  repeated_messages integer not null default 0,
  repeated_cost numeric(16,6),
  constraint provider_volumes_pkey PRIMARY KEY (hour, provider, rate_multiplier)
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
  currency text,
  constraint providers_pkey PRIMARY KEY (id),
  constraint providers_channel_check CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text, 'letter'::text, 'chat'::text])),
  constraint providers_currency_check CHECK (currency ~ '^[A-Z]{3}$'::text),
  constraint providers_kind_check CHECK (kind = ANY (ARRAY['smpp'::text, 'smtp'::text, 'http'::text, 'print-sftp'::text, 'print-http'::text, 'whatsapp'::text, 'telegram'::text, 'viber'::text, 'web-push'::text, 'chat-gateway'::text])),
  constraint providers_name_key UNIQUE (name)
);

create table quality_counts (
  slot timestamp with time zone not null,
  service_id uuid not null,
  template_id uuid not null,
  channel text not null,
  provider text not null,
  country_prefix text not null,
  sender text not null,
  sent integer not null default 0,
  delivered integer not null default 0,
  permanent integer not null default 0,
  temporary integer not null default 0,
  technical integer not null default 0,
  times integer[] not null,
  network text not null default ''::text,
  constraint quality_counts_pkey PRIMARY KEY (slot, service_id, template_id, channel, provider, country_prefix, network, sender)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.05, autovacuum_vacuum_threshold=5000);
CREATE INDEX quality_counts_of_service ON quality_counts USING btree (service_id, slot);

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

create table reach_steps (
  reach_id uuid not null,
  number smallint not null,
  channel text not null,
  template_id uuid not null,
  until text not null,
  wait_seconds integer,
  begun_at timestamp with time zone,
  notification_id uuid,
  cost numeric(12,6),
  is_simulated boolean not null default false,
  passed_over text,
  passed_over_words text,
  constraint reach_steps_pkey PRIMARY KEY (reach_id, number),
  constraint reach_steps_number_check CHECK (number >= 1 AND number <= 5),
  constraint reach_steps_passed_over_check CHECK (passed_over = ANY (ARRAY['cost'::text, 'refused'::text])),
  constraint reach_steps_reach_id_fkey FOREIGN KEY (reach_id) REFERENCES reaches(id) ON DELETE CASCADE,
  constraint reach_steps_until_check CHECK (until = ANY (ARRAY['delivered'::text, 'seen'::text, 'sent'::text, 'answered'::text, 'confirmed'::text])),
  constraint reach_steps_wait_seconds_check CHECK (wait_seconds > 0)
);
CREATE UNIQUE INDEX reach_steps_of ON reach_steps USING btree (notification_id) WHERE notification_id IS NOT NULL;

create table reaches (
  id uuid not null,
  service_id uuid not null,
  key_kind text not null,
  api_key_id uuid not null,
  reference text,
  status text not null default 'working'::text,
  sealed_wish bytea,
  sealed_callback_url bytea,
  created_at timestamp with time zone not null,
  deadline timestamp with time zone not null,
  most_cost numeric(12,6),
  step smallint not null default 0,
  reached_step smallint,
  reached_by text,
  because text,
  ended_at timestamp with time zone,
  constraint reaches_pkey PRIMARY KEY (id),
  constraint reaches_because_check CHECK (because = ANY (ARRAY['deadline'::text, 'no-steps-left'::text])),
  constraint reaches_key_kind_check CHECK (key_kind = ANY (ARRAY['live'::text, 'team'::text, 'test'::text])),
  constraint reaches_most_cost_check CHECK (most_cost >= 0::numeric),
  constraint reaches_reached_by_check CHECK (reached_by = ANY (ARRAY['delivered'::text, 'seen'::text, 'sent'::text, 'answered'::text, 'confirmed'::text])),
  constraint reaches_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint reaches_status_check CHECK (status = ANY (ARRAY['working'::text, 'reached'::text, 'not-reached'::text, 'cancelled'::text]))
);
CREATE INDEX reaches_by_reference ON reaches USING btree (service_id, reference, id DESC) WHERE reference IS NOT NULL;
CREATE INDEX reaches_by_service ON reaches USING btree (service_id, id DESC);

create table recovery_codes (
  user_id uuid not null,
  code_hash bytea not null,
  created_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint recovery_codes_pkey PRIMARY KEY (user_id, code_hash),
  constraint recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);

create table registrations (
  id uuid not null,
  name text not null,
  email_address text not null,
  mobile_number text,
  password_hash text not null,
  token_hash bytea not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint registrations_pkey PRIMARY KEY (id),
  constraint registrations_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX registrations_by_age ON registrations USING btree (created_at);

create table release_counts (
  service_id uuid not null,
  template_id uuid not null,
  slot timestamp with time zone not null,
  messages integer not null,
  cost numeric(16,6) not null,
  constraint release_counts_pkey PRIMARY KEY (service_id, template_id, slot)
) with (fillfactor=50);
CREATE INDEX release_counts_by_slot ON release_counts USING btree (slot);

create table release_requests (
  service_id uuid not null,
  template_id uuid not null,
  asked_by uuid not null,
  asked_at timestamp with time zone not null,
  approved_by uuid,
  up_to uuid,
  constraint release_requests_pkey PRIMARY KEY (service_id, template_id),
  constraint release_requests_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES users(id),
  constraint release_requests_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES users(id),
  constraint release_requests_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint release_requests_template_id_fkey FOREIGN KEY (template_id) REFERENCES templates(id)
);

create table release_tallies (
  service_id uuid not null,
  template_id uuid not null,
  minutes integer[] not null,
  messages integer[] not null,
  costs numeric[] not null,
  message_total integer not null,
  cost_total numeric(16,6) not null,
  constraint release_tallies_pkey PRIMARY KEY (service_id, template_id)
) with (fillfactor=50);

create table repeats (
  service_id uuid not null,
  recipient_index bytea not null,
  content_index bytea not null,
  sent_at timestamp with time zone[] not null,
  latest_at timestamp with time zone not null,
  ceiling smallint not null default 1000,
  constraint repeats_pkey PRIMARY KEY (service_id, recipient_index, content_index),
  constraint repeats_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint within_repeat_limit CHECK (cardinality(sent_at) <= ceiling)
) with (fillfactor=70);
CREATE INDEX repeats_by_age ON repeats USING btree (latest_at);

create table reply_settings (
  service_id uuid not null,
  is_on boolean not null default true,
  stop_words text[] not null default '{}'::text[],
  start_words text[] not null default '{}'::text[],
  help_words text[] not null default '{}'::text[],
  stop_answer text,
  start_answer text,
  help_answer text,
  forward_to text[] not null default '{}'::text[],
  constraint reply_settings_pkey PRIMARY KEY (service_id),
  constraint reply_settings_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
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

create table reply_to_verifications (
  id uuid not null,
  service_id uuid not null,
  address text not null,
  is_default boolean not null,
  replaces_id uuid,
  token_hash bytea not null,
  requested_by uuid not null,
  created_at timestamp with time zone not null,
  verified_at timestamp with time zone,
  constraint reply_to_verifications_pkey PRIMARY KEY (id),
  constraint reply_to_verifications_replaces_id_fkey FOREIGN KEY (replaces_id) REFERENCES reply_to_addresses(id),
  constraint reply_to_verifications_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX reply_to_verifications_by_service ON reply_to_verifications USING btree (service_id, created_at);

create table routes (
  id uuid not null,
  channel text not null,
  provider_id uuid not null,
  key_kinds text[] not null,
  carries_international boolean not null default true,
  weight smallint not null,
  created_at timestamp with time zone not null default now(),
  name text not null,
  "position" smallint not null default 100,
  country_prefixes text[] not null default '{}'::text[],
  networks text[] not null default '{}'::text[],
  service_ids uuid[] not null default '{}'::uuid[],
  sender_types text[] not null default '{}'::text[],
  priorities text[] not null default '{}'::text[],
  times text[] not null default '{}'::text[],
  is_cheapest_first boolean not null default false,
  constraint routes_pkey PRIMARY KEY (id),
  constraint routes_channel_check CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text, 'letter'::text, 'chat'::text])),
  constraint routes_position_check CHECK ("position" >= 1 AND "position" <= 999),
  constraint routes_priorities_check CHECK (priorities <@ '{high,normal,low}'::text[]),
  constraint routes_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  constraint routes_resting_weight_check CHECK (weight >= 0 AND weight <= 100),
  constraint routes_sender_types_check CHECK (sender_types <@ '{alphanumeric,long-number,short-code}'::text[])
);
CREATE UNIQUE INDEX routes_by_name ON routes USING btree (name);
CREATE INDEX routes_of_provider ON routes USING btree (provider_id);

create table sandbox_outbox (
  id uuid not null,
  channel text not null,
  recipient_index bytea not null,
  sealed_message bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint sandbox_outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX sandbox_outbox_by_recipient ON sandbox_outbox USING btree (recipient_index, id DESC);

create table saved_searches (
  id uuid not null,
  user_id uuid not null,
  service_id uuid not null,
  sealed_search bytea not null,
  created_at timestamp with time zone not null,
  constraint saved_searches_pkey PRIMARY KEY (id),
  constraint saved_searches_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX saved_searches_by_age ON saved_searches USING btree (created_at);

create table second_factors (
  user_id uuid not null,
  kind text not null,
  sealed_secret bytea,
  last_time_step bigint,
  created_at timestamp with time zone not null,
  constraint second_factors_pkey PRIMARY KEY (user_id, kind),
  constraint second_factors_kind_check CHECK (kind = ANY (ARRAY['text'::text, 'email-link'::text, 'app'::text])),
  constraint second_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);

create table sender_application_moves (
  id uuid not null,
  application_id uuid not null,
  at timestamp with time zone not null,
  state text not null,
  user_id uuid,
  sealed_words bytea,
  constraint sender_application_moves_pkey PRIMARY KEY (id),
  constraint sender_application_moves_application_id_fkey FOREIGN KEY (application_id) REFERENCES sender_applications(id),
  constraint sender_application_moves_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX sender_application_moves_by_application ON sender_application_moves USING btree (application_id, at);

create table sender_applications (
  id uuid not null,
  service_id uuid not null,
  sender_id uuid not null,
  sender text not null,
  country_prefix text not null,
  state text not null,
  sealed_answers bytea not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint sender_applications_pkey PRIMARY KEY (id),
  constraint sender_applications_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES text_senders(id),
  constraint sender_applications_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint sender_applications_state_check CHECK (state = ANY (ARRAY['asked'::text, 'sent'::text, 'more-wanted'::text, 'registered'::text, 'refused'::text, 'withdrawn'::text, 'closed'::text]))
);
CREATE INDEX sender_applications_by_service ON sender_applications USING btree (service_id, changed_at);
CREATE UNIQUE INDEX sender_applications_open ON sender_applications USING btree (sender_id, country_prefix) WHERE state = ANY (ARRAY['asked'::text, 'sent'::text, 'more-wanted'::text]);

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

create table service_brands (
  service_id uuid not null,
  channel text not null,
  brand_id uuid not null,
  chosen_at timestamp with time zone not null default now(),
  constraint service_brands_pkey PRIMARY KEY (service_id, channel),
  constraint service_brands_brand_id_channel_fkey FOREIGN KEY (brand_id, channel) REFERENCES brands(id, channel),
  constraint service_brands_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX service_brands_by_brand ON service_brands USING btree (brand_id);

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
  is_internal boolean not null default false,
  created_by uuid,
  suspended_at timestamp with time zone,
  is_confirmed_unique boolean not null default false,
  yearly_volume_sms integer,
  yearly_volume_email integer,
  files_contact text,
  failing_percent smallint not null default 3,
  monthly_budget integer,
  repeat_limit_same smallint,
  repeat_limit_any smallint,
  quiet_from text,
  quiet_until text,
  suppress_after_failures smallint,
  suppresses_objectors boolean not null default false,
  budget_stops boolean not null default false,
  daily_spend_limit integer,
  daily_limit_chat integer not null default 250000,
  retention_days_chat smallint not null default 7,
  undo_seconds smallint not null default 0,
  undo_lanes text[] not null default '{}'::text[],
  release_above integer not null default 0,
  release_above_pounds integer not null default 0,
  release_within_hours smallint not null default 24,
  contacts_max integer not null default 1000000,
  refuses_roaming boolean not null default false,
  requires_country boolean not null default false,
  constraint services_pkey PRIMARY KEY (id),
  constraint quiet_hours_have_two_ends CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)),
  constraint services_contacts_max_check CHECK (contacts_max >= 0),
  constraint services_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id),
  constraint services_daily_limit_chat_check CHECK (daily_limit_chat >= 0),
  constraint services_daily_limit_email_check CHECK (daily_limit_email >= 0),
  constraint services_daily_limit_international_sms_check CHECK (daily_limit_international_sms >= 0),
  constraint services_daily_limit_letter_check CHECK (daily_limit_letter >= 0),
  constraint services_daily_limit_sms_check CHECK (daily_limit_sms >= 0),
  constraint services_daily_spend_limit_check CHECK (daily_spend_limit > 0),
  constraint services_failing_percent_check CHECK (failing_percent >= 1 AND failing_percent <= 100),
  constraint services_monthly_budget_check CHECK (monthly_budget > 0),
  constraint services_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint services_rate_limit_per_minute_check CHECK (rate_limit_per_minute >= 0),
  constraint services_release_above_check CHECK (release_above >= 0 AND release_above <= 1000000),
  constraint services_release_above_pounds_check CHECK (release_above_pounds >= 0 AND release_above_pounds <= 1000000),
  constraint services_release_within_hours_check CHECK (release_within_hours >= 1 AND release_within_hours <= 72),
  constraint services_repeat_limit_any_check CHECK (repeat_limit_any >= 0 AND repeat_limit_any <= 1000),
  constraint services_repeat_limit_same_check CHECK (repeat_limit_same >= 0 AND repeat_limit_same <= 1000),
  constraint services_retention_days_chat_check CHECK (retention_days_chat >= 1 AND retention_days_chat <= 90),
  constraint services_retention_days_email_check CHECK (retention_days_email >= 1 AND retention_days_email <= 90),
  constraint services_retention_days_letter_check CHECK (retention_days_letter >= 1 AND retention_days_letter <= 90),
  constraint services_retention_days_sms_check CHECK (retention_days_sms >= 1 AND retention_days_sms <= 90),
  constraint services_suppress_after_failures_check CHECK (suppress_after_failures >= 1 AND suppress_after_failures <= 20),
  constraint services_text_mode_check CHECK (text_mode = ANY (ARRAY['gsm'::text, 'unicode'::text])),
  constraint services_undo_lanes_check CHECK (undo_lanes <@ '{normal,low}'::text[]),
  constraint services_undo_seconds_check CHECK (undo_seconds >= 0 AND undo_seconds <= 300)
);
CREATE INDEX services_by_normalised_name ON services USING btree (regexp_replace(lower(name), '[^[:alnum:]]'::text, ''::text, 'g'::text));
CREATE INDEX services_by_organisation ON services USING btree (organisation_id);
CREATE UNIQUE INDEX services_internal ON services USING btree (is_internal) WHERE is_internal;

create table sessions (
  id bytea not null,
  user_id uuid not null,
  stage text not null,
  ip_address text not null,
  user_agent text not null,
  created_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  hides_platform_view boolean not null default false,
  revoked_at timestamp with time zone,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_stage_check CHECK (stage = ANY (ARRAY['password-given'::text, 'signed-in'::text])),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX sessions_by_expiry ON sessions USING btree (expires_at);
CREATE INDEX sessions_by_user ON sessions USING btree (user_id, created_at DESC);

create table shared_senders (
  id uuid not null,
  organisation_id uuid not null,
  sender text not null,
  registered_countries text[] not null default '{}'::text[],
  created_at timestamp with time zone not null default now(),
  constraint shared_senders_pkey PRIMARY KEY (id),
  constraint shared_senders_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint shared_senders_organisation_id_sender_key UNIQUE (organisation_id, sender)
);

create table single_sign_on_identities (
  issuer text not null,
  subject text not null,
  user_id uuid not null,
  created_at timestamp with time zone not null,
  constraint single_sign_on_identities_pkey PRIMARY KEY (issuer, subject),
  constraint single_sign_on_identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX single_sign_on_identities_by_user ON single_sign_on_identities USING btree (user_id);

create table smpp_accounts (
  id uuid not null,
  service_id uuid not null,
  system_id text not null,
  password_hash text not null,
  kind text not null,
  allowed_networks text[] not null default '{}'::text[],
  binds_max smallint not null,
  window_max smallint not null,
  rate_per_second integer not null,
  takes_replies boolean not null,
  default_alphabet text not null,
  created_at timestamp with time zone not null default now(),
  created_by text,
  revoked_at timestamp with time zone,
  last_bound_at timestamp with time zone,
  last_bound_from text,
  constraint smpp_accounts_pkey PRIMARY KEY (id),
  constraint smpp_accounts_default_alphabet_check CHECK (default_alphabet = ANY (ARRAY['gsm7'::text, 'latin1'::text])),
  constraint smpp_accounts_kind_check CHECK (kind = ANY (ARRAY['live'::text, 'team'::text, 'test'::text])),
  constraint smpp_accounts_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint smpp_accounts_system_id_check CHECK (length(system_id) >= 1 AND length(system_id) <= 15)
);
CREATE INDEX smpp_accounts_by_service ON smpp_accounts USING btree (service_id);
CREATE UNIQUE INDEX smpp_accounts_in_use ON smpp_accounts USING btree (system_id) WHERE revoked_at IS NULL;

create table smpp_awaited_receipts (
  message_id uuid not null,
  notification_id uuid not null,
  account_id uuid not null,
  registered_delivery smallint not null,
  ends_when_sent boolean not null,
  sealed_submit bytea not null,
  constraint smpp_awaited_receipts_pkey PRIMARY KEY (message_id),
  constraint smpp_awaited_receipts_account_id_fkey FOREIGN KEY (account_id) REFERENCES smpp_accounts(id)
);
CREATE INDEX smpp_awaited_receipts_by_notification ON smpp_awaited_receipts USING btree (notification_id);
CREATE INDEX smpp_awaited_receipts_silent ON smpp_awaited_receipts USING btree (message_id) WHERE ends_when_sent;

create table smpp_deliveries (
  id uuid not null,
  account_id uuid not null,
  kind text not null,
  subject_id uuid not null,
  report jsonb,
  sealed_submit bytea,
  tries smallint not null default 0,
  not_before timestamp with time zone,
  constraint smpp_deliveries_pkey PRIMARY KEY (id),
  constraint smpp_deliveries_account_id_fkey FOREIGN KEY (account_id) REFERENCES smpp_accounts(id),
  constraint smpp_deliveries_kind_check CHECK (kind = ANY (ARRAY['receipt'::text, 'text'::text]))
) with (fillfactor=70);
CREATE INDEX smpp_deliveries_by_account ON smpp_deliveries USING btree (account_id, id);

create table smpp_parts (
  message_id uuid not null,
  account_id uuid not null,
  service_id uuid not null,
  set_index bytea not null,
  number smallint not null,
  registered_delivery smallint not null,
  sealed_submit bytea not null,
  sealed_content bytea not null,
  constraint smpp_parts_pkey PRIMARY KEY (message_id),
  constraint smpp_parts_account_id_fkey FOREIGN KEY (account_id) REFERENCES smpp_accounts(id),
  constraint smpp_parts_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE UNIQUE INDEX smpp_parts_of_set ON smpp_parts USING btree (account_id, set_index, number);

create table spend_totals (
  service_id uuid not null,
  period text not null,
  spent numeric(16,6) not null,
  ceiling numeric(16,6) not null,
  constraint spend_totals_pkey PRIMARY KEY (service_id, period),
  constraint spend_totals_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint within_spend_limit CHECK (spent <= ceiling)
) with (fillfactor=50);

create table suppressions (
  id uuid not null,
  service_id uuid not null,
  channel text not null,
  recipient_index bytea not null,
  sealed_recipient bytea not null,
  reason text not null,
  source_kind text not null,
  source_id uuid,
  created_at timestamp with time zone not null,
  constraint suppressions_pkey PRIMARY KEY (id),
  constraint suppressions_channel_check CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text, 'chat'::text])),
  constraint suppressions_reason_check CHECK (reason = ANY (ARRAY['asked-to-stop'::text, 'unsubscribed'::text, 'complaint'::text, 'permanent-failure'::text, 'by-hand'::text, 'imported'::text])),
  constraint suppressions_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX suppressions_by_channel ON suppressions USING btree (service_id, channel, id DESC);
CREATE INDEX suppressions_by_service ON suppressions USING btree (service_id, id DESC);
CREATE UNIQUE INDEX suppressions_once ON suppressions USING btree (recipient_index, service_id, channel);

create table template_drafts (
  user_id uuid not null,
  template_id uuid not null,
  base_version integer not null,
  name text not null,
  subject text,
  body text not null,
  has_unsubscribe_link boolean not null default false,
  saved_at timestamp with time zone not null,
  postage text,
  contact_block text,
  welsh_subject text,
  welsh_body text,
  constraint template_drafts_pkey PRIMARY KEY (user_id, template_id),
  constraint template_drafts_template_id_fkey FOREIGN KEY (template_id) REFERENCES templates(id)
);

create table template_files (
  id uuid not null,
  service_id uuid not null,
  template_id uuid not null,
  file_name text not null,
  extension text not null,
  mime_type text not null,
  size integer not null,
  link_text text,
  retention_weeks smallint not null,
  asks_for_address boolean not null,
  sealed_key bytea,
  kept_at timestamp with time zone,
  removed_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint template_files_pkey PRIMARY KEY (id),
  constraint template_files_retention_weeks_check CHECK (retention_weeks >= 1 AND retention_weeks <= 78),
  constraint template_files_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint template_files_template_id_fkey FOREIGN KEY (template_id) REFERENCES templates(id)
);
CREATE INDEX template_files_in_use ON template_files USING btree (template_id) WHERE removed_at IS NULL;
CREATE INDEX template_files_removed ON template_files USING btree (removed_at) WHERE removed_at IS NOT NULL;

create table template_folder_exclusions (
  folder_id uuid not null,
  user_id uuid not null,
  constraint template_folder_exclusions_pkey PRIMARY KEY (folder_id, user_id),
  constraint template_folder_exclusions_folder_id_fkey FOREIGN KEY (folder_id) REFERENCES template_folders(id) ON DELETE CASCADE
);

create table template_folders (
  id uuid not null,
  service_id uuid not null,
  parent_id uuid,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint template_folders_pkey PRIMARY KEY (id),
  constraint template_folders_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES template_folders(id),
  constraint template_folders_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE UNIQUE INDEX template_folders_name ON template_folders USING btree (service_id, COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), lower(name));

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
  contact_block text,
  welsh_subject text,
  welsh_body text,
  attachment_id uuid,
  constraint template_versions_pkey PRIMARY KEY (template_id, version),
  constraint template_versions_attachment_id_fkey FOREIGN KEY (attachment_id) REFERENCES letter_attachments(id),
  constraint template_versions_template_id_fkey FOREIGN KEY (template_id) REFERENCES templates(id)
);
CREATE INDEX template_versions_by_attachment ON template_versions USING btree (attachment_id) WHERE attachment_id IS NOT NULL;

create table templates (
  id uuid not null,
  service_id uuid not null,
  channel text not null,
  version integer not null default 1,
  is_hidden boolean not null default false,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone,
  archived_at timestamp with time zone,
  folder_id uuid,
  hides_personalisation_since timestamp with time zone,
  keeps text not null default 'everything'::text,
  whatsapp jsonb,
  constraint templates_pkey PRIMARY KEY (id),
  constraint templates_channel_check CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text, 'letter'::text, 'chat'::text])),
  constraint templates_folder_id_fkey FOREIGN KEY (folder_id) REFERENCES template_folders(id),
  constraint templates_keeps_check CHECK (keeps = ANY (ARRAY['everything'::text, 'hash'::text, 'nothing'::text])),
  constraint templates_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE INDEX templates_by_folder ON templates USING btree (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX templates_by_service ON templates USING btree (service_id);

create table text_sender_pools (
  id uuid not null,
  service_id uuid not null,
  name text not null,
  sender_ids uuid[] not null,
  is_default boolean not null default false,
  is_sticky boolean not null default true,
  created_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint text_sender_pools_pkey PRIMARY KEY (id),
  constraint text_sender_pools_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id)
);
CREATE UNIQUE INDEX text_sender_pools_default ON text_sender_pools USING btree (service_id) WHERE is_default AND archived_at IS NULL;
CREATE UNIQUE INDEX text_sender_pools_in_use ON text_sender_pools USING btree (service_id, lower(name)) WHERE archived_at IS NULL;

create table text_sender_requests (
  id uuid not null,
  service_id uuid not null,
  sender text not null,
  wants_default boolean not null,
  replaces_id uuid,
  requested_by uuid not null,
  created_at timestamp with time zone not null,
  status text not null default 'open'::text,
  decided_by uuid,
  decided_at timestamp with time zone,
  reason text,
  proof_hash bytea,
  proof_sent_at timestamp with time zone,
  proof_tries smallint not null default 0,
  is_proven boolean not null default false,
  constraint text_sender_requests_pkey PRIMARY KEY (id),
  constraint text_sender_requests_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users(id),
  constraint text_sender_requests_replaces_id_fkey FOREIGN KEY (replaces_id) REFERENCES text_senders(id),
  constraint text_sender_requests_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES users(id),
  constraint text_sender_requests_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint text_sender_requests_status_check CHECK (status = ANY (ARRAY['open'::text, 'approved'::text, 'refused'::text, 'withdrawn'::text]))
);
CREATE INDEX text_sender_requests_by_service ON text_sender_requests USING btree (service_id, created_at);
CREATE UNIQUE INDEX text_sender_requests_open ON text_sender_requests USING btree (service_id, lower(sender)) WHERE status = 'open'::text;

create table text_senders (
  id uuid not null,
  service_id uuid not null,
  sender text not null,
  is_default boolean not null default false,
  created_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  registered_countries text[] not null default '{}'::text[],
  shared_id uuid,
  constraint text_senders_pkey PRIMARY KEY (id),
  constraint text_senders_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint text_senders_shared_id_fkey FOREIGN KEY (shared_id) REFERENCES shared_senders(id)
);
CREATE INDEX text_senders_by_sender ON text_senders USING btree (lower(sender)) WHERE archived_at IS NULL;
CREATE UNIQUE INDEX text_senders_default ON text_senders USING btree (service_id) WHERE is_default AND archived_at IS NULL;
CREATE UNIQUE INDEX text_senders_in_use ON text_senders USING btree (service_id, sender) WHERE archived_at IS NULL;

create table throttles (
  key bytea not null,
  tries integer not null,
  ends_at timestamp with time zone not null,
  constraint throttles_pkey PRIMARY KEY (key)
);
CREATE INDEX throttles_by_end ON throttles USING btree (ends_at);

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
  failed_sign_ins smallint not null default 0,
  password_changed_at timestamp with time zone,
  last_signed_in_at timestamp with time zone,
  constraint users_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_by_email_address ON users USING btree (lower(email_address)) WHERE archived_at IS NULL;

create table verification_codes (
  verification_id uuid not null,
  number smallint not null,
  channel text not null,
  code_hash bytea not null,
  notification_id uuid not null,
  sent_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint verification_codes_pkey PRIMARY KEY (verification_id, number),
  constraint verification_codes_channel_check CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text])),
  constraint verification_codes_number_check CHECK (number >= 1 AND number <= 3),
  constraint verification_codes_verification_id_fkey FOREIGN KEY (verification_id) REFERENCES verifications(id) ON DELETE CASCADE
);
CREATE INDEX verification_codes_of ON verification_codes USING btree (notification_id);

create table verifications (
  id uuid not null,
  service_id uuid not null,
  key_kind text not null,
  api_key_id uuid not null,
  reference text,
  sealed_wish bytea,
  created_at timestamp with time zone not null,
  last_sent_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  sends smallint not null default 1,
  texts smallint not null,
  emails smallint not null,
  fell_back_at timestamp with time zone,
  attempts smallint not null default 0,
  attempts_max smallint not null,
  verified_at timestamp with time zone,
  verified_by text,
  constraint verifications_pkey PRIMARY KEY (id),
  constraint verifications_key_kind_check CHECK (key_kind = ANY (ARRAY['live'::text, 'team'::text, 'test'::text])),
  constraint verifications_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id),
  constraint verifications_verified_by_check CHECK (verified_by = ANY (ARRAY['sms'::text, 'email'::text]))
);
CREATE INDEX verifications_by_service ON verifications USING btree (service_id, id);
CREATE INDEX verifications_open ON verifications USING btree (expires_at) WHERE sealed_wish IS NOT NULL;
