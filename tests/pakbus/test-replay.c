/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One conversation for each kind of transaction, kept in tests/fixtures/conversations: the client has to send the
 * very bytes of the trace and to make of its answers what the emulator meant. With OUTPOST_RECORD=1 in the
 * environment, the traces are recorded anew; with a name in OUTPOST_RECORD, that one.
 */

#include "tests/pakbus/calls.h"
#include "tests/pakbus/talks.h"

#include "protocol/emulator/emulator.h"
#include "protocol/pakbus/session.h"
#include "protocol/transport/memory-transport.h"
#include "protocol/transport/trace.h"

#include <glib/gstdio.h>

#define SEED 4079 /* of the first transaction number */

typedef enum
{
  DIRECT,
  BEHIND,  /* the logger is behind another one */
  ONE_WAY, /* it sends records unasked, each second */
  FAST,    /* several requests wait for their answers at a time */
} Way;

typedef struct
{
  const char *name; /* of the trace */
  const char *model;
  void      (*run) (OpLogger *logger);
  Way         way;
} Conversation;

static const Conversation conversations[] = {
  { "identify", "cr1000", talk_identify, DIRECT },
  { "tables", "cr1000", talk_tables, DIRECT },
  { "clock-read", "cr1000", talk_clock_read, DIRECT },
  { "clock-adjust", "cr1000", talk_clock_adjust, DIRECT },
  { "collect", "cr1000", talk_collect, DIRECT },
  { "collect-events", "cr1000", talk_collect_events, DIRECT },
  { "collect-fragments", "cr1000", talk_collect_fragments, DIRECT },
  { "values-get", "cr1000", talk_values_get, DIRECT },
  { "values-set", "cr1000", talk_values_set, DIRECT },
  { "files-list", "cr1000", talk_files_list, DIRECT },
  { "file-get", "cr1000", talk_file_get, DIRECT },
  { "file-put", "cr1000", talk_file_put, DIRECT },
  { "file-delete", "cr1000", talk_file_delete, DIRECT },
  { "file-run", "cr1000", talk_file_run, DIRECT },
  { "file-run-always", "cr1000", talk_file_run_always, DIRECT },
  { "file-power-up", "cr1000", talk_file_power_up, DIRECT },
  { "program", "cr1000", talk_program, DIRECT },
  { "devconfig-get", "cr1000", talk_devconfig_get, DIRECT },
  { "devconfig-set", "cr1000", talk_devconfig_set, DIRECT },
  { "devconfig-fragments", "cr1000", talk_devconfig_fragments, DIRECT },
  { "devconfig-commit", "cr1000", talk_devconfig_commit, DIRECT },
  { "table-reset", "cr1000", talk_table_reset, DIRECT },
  { "echo", "cr1000", talk_echo, DIRECT },
  { "cr200-collect", "cr200", talk_small_collect, DIRECT },
  { "cr200-settings", "cr200", talk_small_settings, DIRECT },
  { "cr200-program", "cr200", talk_small_program, DIRECT },
  { "route", "cr1000", talk_route, BEHIND },
  { "one-way", "cr1000", talk_one_way, ONE_WAY },
  { "fast", "cr1000", talk_fast, FAST },
};

static char *
get_path (const Conversation *conversation)
{
  g_autofree char *name = g_strconcat (conversation->name, ".trace", NULL);

  return g_test_build_filename (G_TEST_DIST, "fixtures", "conversations", name, NULL);
}

static void
talk (const Conversation *conversation, OpTransport *transport)
{
  g_autoptr (OpLogger) logger = NULL;

  g_random_set_seed (SEED);
  logger = conversation->way == BEHIND ? pak_logger_new (transport, 2, 1, 0) : pak_logger_new (transport, 1, 0, 0);
  pak_logger_set_fast (PAK_LOGGER (logger), conversation->way == FAST);
  /* Nothing is to be asked twice, however busy the computer is. */
  pak_logger_set_first_timeout (PAK_LOGGER (logger), 30 * G_USEC_PER_SEC);
  calls_open_logger (logger);
  conversation->run (logger);
  op_logger_close (logger);
}

static void
record (gconstpointer data)
{
  const Conversation *conversation = data;
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new (conversation->model);
  g_autofree char *path = get_path (conversation);
  g_autoptr (OpEmulator) emulator = NULL;
  g_autoptr (OpTransport) near_end = NULL, far_end = NULL, recorder = NULL;
  g_autoptr (GError) error = NULL;

  options->hold_off = 0;
  options->compile_us = 0;
  options->hops = conversation->way == BEHIND ? 1 : 0;
  if (conversation->way == ONE_WAY)
    {
      options->one_way = PAK_DEFAULT_ADDRESS;
      options->interval = OP_SECOND;
    }
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  op_memory_transport_new_pair (&near_end, &far_end);
  op_emulator_serve (emulator, far_end);
  /* It would append. */
  g_remove (path);
  recorder = op_recorder_new (near_end, path);
  talk (conversation, recorder);
}

static void
on_event_cb (OpRecorder *recorder, const OpTraceEvent *event, GByteArray *sent)
{
  if (event->kind == OP_TRACE_SENT)
    g_byte_array_append (sent, g_bytes_get_data (event->bytes, NULL), g_bytes_get_size (event->bytes));
}

static GByteArray *
read_sent (const char *path)
{
  GByteArray *sent = g_byte_array_new ();
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  events = op_trace_parse (text, length, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < events->len; i++)
    on_event_cb (NULL, events->pdata[i], sent);
  return sent;
}

/* The replay refuses other bytes; that all of the trace was said, up to the farewell, is for us to see. */
static void
play (gconstpointer data)
{
  const Conversation *conversation = data;
  g_autofree char *path = get_path (conversation);
  g_autoptr (GByteArray) expected = read_sent (path);
  g_autoptr (GByteArray) sent = g_byte_array_new ();
  g_autoptr (OpTransport) replay = op_replay_new_for_file (path);
  g_autoptr (OpTransport) recorder = op_recorder_new (replay, NULL);

  g_signal_connect (recorder, "event", G_CALLBACK (on_event_cb), sent);
  talk (conversation, recorder);
  g_assert_cmpmem (sent->data, sent->len, expected->data, expected->len);
}

int
main (int argc, char **argv)
{
  const char *to_record = g_getenv ("OUTPOST_RECORD");

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (conversations); i++)
    {
      g_autofree char *path = g_strconcat ("/replay/", conversations[i].name, NULL);

      gboolean records = g_strcmp0 (to_record, "1") == 0 || g_strcmp0 (to_record, conversations[i].name) == 0;

      g_test_add_data_func (path, &conversations[i], records ? record : play);
    }
  return g_test_run ();
}
