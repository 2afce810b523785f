-- How each process that sends fares with each provider, as it said last: counts of the last seconds and minutes.
create table provider_tallies (
  provider_id uuid not null references providers (id) on delete cascade,
  process_id uuid not null,
  told_at timestamptz not null,
  tally jsonb not null,
  primary key (provider_id, process_id)
) with (fillfactor = 50);

-- Whether a provider gets messages, which all processes keep to. One that has none has always been well.
create table provider_circuits (
  provider_id uuid primary key references providers (id) on delete cascade,
  state text not null check (state in ('closed', 'open', 'half-open')),
  -- Of the messages that would be its own.
  share double precision not null check (share between 0 and 1),
  trouble jsonb,
  openings integer not null,
  changed_at timestamptz not null
);

-- Texts to an operator's own numbers that go through one provider and no other, to see whether and when they arrive.
create table canaries (
  id uuid primary key,
  provider_id uuid not null references providers (id) on delete cascade,
  sent_at timestamptz not null,
  -- Null while nothing is known.
  outcome text check (outcome in ('delivered', 'failed', 'not-taken', 'late')),
  -- What the carrier said.
  code text,
  reported_at timestamptz
);
create index canaries_of_provider on canaries (provider_id, id desc);
