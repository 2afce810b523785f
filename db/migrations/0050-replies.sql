-- What becomes of texts from the public: who reads them, by their first words; what STOP, START and HELP do; who gets them by email.
create table inbound_keywords (
  number text not null references inbound_numbers (number) on delete cascade,
  -- As it is compared: capitals without marks or accents, one space between words.
  keyword text not null,
  service_id uuid not null references services (id),
  primary key (number, keyword)
);

alter table inbound_messages
  add column keyword text,
  add column asked text check (asked in ('stop', 'start', 'help'));

-- A service without a row has everything as the product has it.
create table reply_settings (
  service_id uuid primary key references services (id),
  is_on boolean not null default true,
  -- Empty: the product's own.
  stop_words text[] not null default '{}',
  start_words text[] not null default '{}',
  help_words text[] not null default '{}',
  -- Unset: the product's own. Empty: nothing is answered.
  stop_answer text,
  start_answer text,
  help_answer text,
  forward_to text[] not null default '{}'
);
