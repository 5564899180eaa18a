/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The driver with a scripted CR200: BMP5 manual 2.2.5, 2.3.3 and section 3, pakbus-facts B9, E3, F5 and J7. Our
 * address is 4079 = FEF, the logger's is 1; the security code 0x1234 is one that a CR200 does not have.
 */

#include "peer.h"

#include "protocol/logger-changes.h"
#include "protocol/pakbus/error.h"
#include "protocol/pakbus/pak-settings.h"
#include "protocol/pakbus/program-job-200.h"

#include <string.h>

#define MS 1000

#define TO_LOGGER    "A0 01 5F EF 10 01 0F EF "
#define FROM_LOGGER  "AF EF 00 01 1F EF 00 01 "
#define TO_CONTROL   "A0 01 5F EF 00 01 0F EF "
#define FROM_CONTROL "AF EF 00 01 0F EF 00 01 "

#define SETTINGS "Model=CR206X;Version=03A;SerialNbr=1234;PakBusAddress=1;"

/* Header and message of the longest packet of 100 bytes, that has a nullifier behind them. */
#define LONGEST 98

#define PROGRAM_SIZE 250
#define PROGRAM_NAME "CPU:p.bin"

typedef struct
{
  Peer     *peer;
  OpLogger *logger;

  /* The device that answer_all() plays. */
  GString    *log;           /* what came: "18 1E/8 1C@0 " */
  GByteArray *file;
  guint       compile_state;
  guint       last_state;    /* when a program is run */
  guint       refused_type;  /* answered with @refusal */
  guint       refusal;
  guint       n_lost;        /* so many file control commands go by unheard */
} Fixture;

typedef struct
{
  gboolean        done;
  gboolean        succeeded;
  OpIdentity     *identity;
  OpClockReading *clock;
  OpTableState   *state;
  GPtrArray      *list;
  OpProgramState *program;
  GError         *error;
} Outcome;

static void
clear_outcome (Outcome *outcome)
{
  g_clear_pointer (&outcome->identity, op_identity_free);
  g_clear_pointer (&outcome->clock, g_free);
  g_clear_pointer (&outcome->state, g_free);
  g_clear_pointer (&outcome->list, g_ptr_array_unref);
  g_clear_pointer (&outcome->program, op_program_state_free);
  g_clear_error (&outcome->error);
  *outcome = (Outcome) { 0 };
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, clear_outcome)

#define DEFINE_CALLBACK(name, statement)                                                                            \
  static void on_##name##_cb (GObject *source, GAsyncResult *result, gpointer data)                                 \
  {                                                                                                                 \
    Outcome *outcome = data;                                                                                        \
                                                                                                                    \
    g_assert_false (outcome->done);                                                                                 \
    statement;                                                                                                      \
    outcome->done = TRUE;                                                                                           \
  }

#define LOGGER OP_LOGGER (source)

DEFINE_CALLBACK (opened, op_logger_open_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (identified, outcome->identity = op_logger_identify_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (clock_read, outcome->clock = op_logger_read_clock_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (tables_read, outcome->list = op_logger_read_tables_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (state_read, outcome->state = op_logger_read_table_state_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (got, outcome->list = pak_settings_get_named_finish (PAK_LOGGER (source), result, &outcome->error))
DEFINE_CALLBACK (set, outcome->succeeded = pak_settings_set_named_finish (PAK_LOGGER (source), result, &outcome->error))
DEFINE_CALLBACK (ran, outcome->program = pak_program_job_200_run_finish (PAK_PROGRAM_JOB_200 (source), result,
                                                                          &outcome->error))

/* Texts with their zero, as hex behind @head. */
static char *
with_text (const char *head, const char *text, const char *tail)
{
  GString *hex = g_string_new (head);

  for (gsize i = 0; i <= strlen (text); i++)
    g_string_append_printf (hex, " %02X", (guint8) text[i]);
  g_string_append (hex, tail);
  return g_string_free (hex, FALSE);
}

static void
expect_text (Fixture *f, const char *head, const char *text, const char *tail)
{
  g_autofree char *hex = with_text (head, text, tail);

  peer_expect (f->peer, hex);
}

static void
send_text (Fixture *f, const char *head, const char *text, const char *tail)
{
  g_autofree char *hex = with_text (head, text, tail);

  peer_send (f->peer, hex);
}

static void
send_statistics (Fixture *f, const char *os_version, guint compile_state)
{
  /* OS signature, serial number, power-up program, state, program, its signature, compile time, result */
  g_autofree char *tail = g_strdup_printf (" 12 34 00 00 %02X 50 00 00 00 00 00 00 00 00 00 00 00 42 61 64 00",
                                           compile_state);

  send_text (f, FROM_LOGGER "98 TT 00", os_version, tail);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  f->peer = peer_new ();
  f->log = g_string_new (NULL);
  f->file = g_byte_array_new ();
  f->compile_state = 1;
  f->last_state = 1;
  f->logger = pak_logger_new (f->peer->near_end, 1, 0, 0x1234);
  pak_logger_set_first_timeout (PAK_LOGGER (f->logger), 60 * MS);
  op_logger_open_async (f->logger, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, RING);
  peer_send (f->peer, READY);
  peer_expect (f->peer, HELLO);
  peer_send (f->peer, HELLO_RESPONSE);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
}

static void
identify (Fixture *f, const char *settings, Outcome *outcome)
{
  op_logger_identify_async (f->logger, NULL, on_identified_cb, outcome);
  peer_expect (f->peer, TO_LOGGER "18 TT 12 34");
  send_statistics (f, "v03A", 1);
  peer_expect (f->peer, TO_CONTROL "07 TT 00");
  send_text (f, FROM_CONTROL "87 TT", settings, "");
}

static void
set_up_identified (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  set_up (f, data);
  identify (f, SETTINGS "MaxPktSize=100;", &outcome);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_true (peer_is_idle (f->peer));
  g_object_add_weak_pointer (G_OBJECT (f->logger), (gpointer *) &f->logger);
  g_object_unref (f->logger);
  g_assert_null (f->logger);
  g_string_free (f->log, TRUE);
  g_byte_array_unref (f->file);
  peer_free (f->peer);
}

static void
assert_fails (Outcome *outcome, OpLoggerError code, const char *words)
{
  wait_for (&outcome->done);
  g_assert_error (outcome->error, OP_LOGGER_ERROR, (gint) code);
  g_assert_nonnull (strstr (outcome->error->message, words));
}

static void
test_recognised (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  g_assert_false (pak_logger_has_named_settings (PAK_LOGGER (f->logger)));
  identify (f, SETTINGS "MaxPktSize=100;", &outcome);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (outcome.identity->family, ==, "pakbus");
  g_assert_cmpstr (outcome.identity->model, ==, "CR206X");
  g_assert_cmpstr (outcome.identity->os_version, ==, "v03A");
  g_assert_cmpstr (outcome.identity->serial_number, ==, "1234");
  g_assert_cmpstr (outcome.identity->station_name, ==, "");
  g_assert_cmpuint (outcome.identity->pakbus_address, ==, 1);
  g_assert_true (pak_logger_has_named_settings (PAK_LOGGER (f->logger)));
}

/* What only looks like one is asked as the others are. */
static void
test_not_one (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *os_version;
    const char *answer; /* to the question for settings; NULL: none is asked */
  } others[] = {
    { "CR1000.Std.24", NULL },
    { "CR23X.Std.1", NULL },
    { "v03A", FROM_CONTROL "81 00 04 00 01 0F EF 07 TT" },
    { "v03A", FROM_CONTROL "87 TT 4D 6F 64 65 6C 3D 43 52 38 30 30 00" }, /* Model=CR800 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      op_logger_identify_async (f->logger, NULL, on_identified_cb, &outcome);
      peer_expect (f->peer, TO_LOGGER "18 TT 12 34");
      send_statistics (f, others[i].os_version, 1);
      if (others[i].answer != NULL)
        {
          peer_expect (f->peer, TO_CONTROL "07 TT 00");
          peer_send (f->peer, others[i].answer);
        }
      expect_text (f, TO_LOGGER "1A TT 12 34", "Status", " 0B 53 74 61 74 69 6F 6E 4E 61 6D 65 00 00 40");
      peer_send (f->peer, FROM_LOGGER "9A TT 10");
      wait_for (&outcome.done);
      g_assert_no_error (outcome.error);
      g_assert_false (pak_logger_has_named_settings (PAK_LOGGER (f->logger)));
    }
}

/* Example of the manual, 3.5: the nanoseconds are nonsense. And no security code is sent any more. */
static void
test_clock (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_read_clock_async (f->logger, NULL, on_clock_read_cb, &outcome);
  peer_expect (f->peer, TO_LOGGER "17 TT 00 00 00 00 00 00 00 00 00 00");
  peer_send (f->peer, FROM_LOGGER "97 TT 00 1B FA 2A 61 C8 00 00 00");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (outcome.clock->logger_time, ==, op_time_from_parts (0x1BFA2A61, 0));
  g_assert_cmpint (outcome.clock->resolution_us, ==, G_USEC_PER_SEC);
}

static void
test_swath (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  op_logger_read_tables_async (f->logger, NULL, on_tables_read_cb, &outcome);
  expect_text (f, TO_LOGGER "1D TT 00 00", ".TDF", " 00 00 00 00 00 01 90");
  peer_send (f->peer, FROM_LOGGER "9D TT 01 00 00 00 00");
  /* Manual 3.7.4. */
  assert_fails (&outcome, OP_LOGGER_ERROR_REFUSED, "no security codes");
}

/* Time stamps of four bytes (pakbus-facts E3). */
static void
test_stamps_of_seconds (Fixture *f, gconstpointer data)
{
  OpTableBuilder *builder = op_table_builder_new ("T", 100, OP_TYPE_SEC, 0, 60 * OP_SECOND);
  g_autoptr (OpTable) table = NULL;
  g_autofree char *command = NULL;
  g_auto (Outcome) outcome = { 0 };

  op_table_builder_add_field (builder, OP_TYPE_UINT2, FALSE, "V", "Smp", "", NULL, 0);
  table = op_table_builder_finish (builder, 1, NULL);
  command = g_strdup_printf (TO_LOGGER "09 TT 00 00 05 00 01 %02X %02X 00 00 00 01 00 00",
                             (guint) table->signature >> 8, table->signature & 0xFFu);
  op_logger_read_table_state_async (f->logger, table, NULL, on_state_read_cb, &outcome);
  peer_expect (f->peer, command);
  peer_send (f->peer, FROM_LOGGER "89 TT 00 00 01 00 00 00 07 00 01 1B FA 2A 38 00 05 00");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (outcome.state->newest, ==, 7);
  g_assert_cmpint (outcome.state->newest_time, ==, op_time_from_parts (0x1BFA2A38, 0));
}

/* Settings as strings */

/* A command carries as many as fit into a packet of 100 bytes. */
static void
test_settings_in_short_packets (Fixture *f, gconstpointer data)
{
  g_autofree char *first = g_strnfill (50, 'a');
  g_autofree char *second = g_strnfill (50, 'b');
  const char *const names[] = { first, second, NULL };
  g_autofree char *pair = g_strdup_printf ("%s=1;", first);
  g_autofree char *other = g_strdup_printf ("%s=2;", second);
  g_autoptr (GPtrArray) settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_named_setting_free);
  g_auto (Outcome) got = { 0 };
  g_auto (Outcome) set = { 0 };

  pak_settings_get_named_async (PAK_LOGGER (f->logger), names, NULL, on_got_cb, &got);
  expect_text (f, TO_CONTROL "07 TT", first, "");
  send_text (f, FROM_CONTROL "87 TT", pair, "");
  expect_text (f, TO_CONTROL "07 TT", second, "");
  send_text (f, FROM_CONTROL "87 TT", other, "");
  wait_for (&got.done);
  g_assert_no_error (got.error);
  g_assert_cmpstr (pak_named_settings_find (got.list, first), ==, "1");
  g_assert_cmpstr (pak_named_settings_find (got.list, second), ==, "2");

  g_ptr_array_add (settings, pak_named_setting_new (first, "1"));
  g_ptr_array_add (settings, pak_named_setting_new (second, "2"));
  pak_settings_set_named_async (PAK_LOGGER (f->logger), settings, NULL, on_set_cb, &set);
  expect_text (f, TO_CONTROL "08 TT", pair, "");
  peer_send (f->peer, FROM_CONTROL "88 TT 00");
  expect_text (f, TO_CONTROL "08 TT", other, "");
  /* Of the second command, not of both. */
  peer_send (f->peer, FROM_CONTROL "88 TT 01 00 00");
  wait_for (&set.done);
  g_assert_error (set.error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_READ_ONLY);
  g_assert_true (g_str_has_prefix (set.error->message, second));
}

/* Programs */

static guint8
get_program_byte (gsize i)
{
  return (guint8) (i * 7);
}

static void
answer_control (Fixture *f, guint command)
{
  g_string_append_printf (f->log, "/%u", command);
  if (f->n_lost > 0)
    {
      f->n_lost--;
      return;
    }
  f->compile_state = command == 8 ? 0 : f->last_state;
  peer_send (f->peer, FROM_LOGGER "9E TT 00 00 00");
}

static void
answer_fragment (Fixture *f, const guint8 *body, gsize length)
{
  const guint8 *end_of_name = memchr (body + 12, 0, length - 12);
  guint offset = (guint) (end_of_name[5] << 8 | end_of_name[6]);
  g_autofree char *answer = g_strdup_printf (FROM_LOGGER "9C TT 00 00 00 %02X %02X", offset >> 8, offset & 0xFF);

  g_string_append_printf (f->log, "@%u", offset);
  /* The name comes with the first fragment only; the last one closes. */
  g_assert_cmpstr ((const char *) body + 12, ==, offset == 0 ? PROGRAM_NAME : "");
  g_assert_cmpuint (f->file->len, ==, offset);
  g_byte_array_append (f->file, end_of_name + 7, (guint) (body + length - end_of_name - 7));
  g_assert_cmpint (end_of_name[2], ==, f->file->len == PROGRAM_SIZE);
  peer_send (f->peer, answer);
}

static void
answer (Fixture *f, GBytes *packet)
{
  gsize length;
  const guint8 *body = g_bytes_get_data (packet, &length);

  g_assert_cmpuint (length, <=, LONGEST);
  f->peer->number = body[9];
  g_string_append_printf (f->log, "%02X", body[8]);
  if (body[8] == f->refused_type)
    {
      g_autofree char *refusal = g_strdup_printf (FROM_LOGGER "%02X TT %02X 00 00%s", body[8] | 0x80u, f->refusal,
                                                   body[8] == 0x1E ? "" : " 00 00");

      peer_send (f->peer, refusal);
    }
  else if (body[8] == 0x18)
    send_statistics (f, "v03A", f->compile_state);
  else if (body[8] == 0x1E)
    answer_control (f, body[length - 1]);
  else if (body[8] == 0x1C)
    answer_fragment (f, body, length);
  else if (body[8] == 0x1D)
    peer_send (f->peer, FROM_LOGGER "9D TT 0E 00 00 00 00"); /* a program cannot be read back */
  g_string_append_c (f->log, ' ');
}

/* Runs a job against the device of the fixture. */
static void
run_job (Fixture *f, const char *name, Outcome *outcome)
{
  g_autoptr (GByteArray) program = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (PakProgramJob200) job = NULL;

  for (gsize i = 0; i < PROGRAM_SIZE; i++)
    {
      guint8 byte = get_program_byte (i);

      g_byte_array_append (program, &byte, 1);
    }
  bytes = g_bytes_new (program->data, program->len);
  job = pak_program_job_200_new (PAK_LOGGER (f->logger), name, bytes);
  pak_program_job_200_run_async (job, NULL, on_ran_cb, outcome);
  while (!outcome->done)
    if (f->peer->packets.length > 0)
      {
        g_autoptr (GBytes) packet = peer_take (f->peer);

        answer (f, packet);
      }
    else
      g_main_context_iteration (NULL, TRUE);
  if (outcome->error == NULL)
    g_assert_cmpfloat (pak_program_job_200_get_fraction (job), ==, 1);
}

/* Each control command is preceded by a look at what runs, against which a lost answer is decided. */
#define SENDING "1C@0 1C@70 1C@149 1C@228 1D "

static void
test_program (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  run_job (f, PROGRAM_NAME, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (outcome.program->compile_state, ==, 1);
  g_assert_cmpuint (f->file->len, ==, PROGRAM_SIZE);
  for (gsize i = 0; i < PROGRAM_SIZE; i++)
    g_assert_cmpuint (f->file->data[i], ==, get_program_byte (i));
  g_assert_cmpstr (f->log->str, ==, "1E/8 " SENDING "18 1E/1 18 ");
}

static void
test_program_does_not_run (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  f->last_state = 2;
  run_job (f, PROGRAM_NAME, &outcome);
  assert_fails (&outcome, OP_LOGGER_ERROR_REFUSED, "does not run it (Bad)");
}

/* The first command to stop is lost; the logger shows it, and it comes again. */
static void
test_program_lost_stop (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  f->n_lost = 1;
  run_job (f, PROGRAM_NAME, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (f->log->str, ==, "1E/8 18 1E/8 " SENDING "18 1E/1 18 ");
}

static void
test_program_never_stops (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  f->n_lost = 100;
  run_job (f, PROGRAM_NAME, &outcome);
  assert_fails (&outcome, OP_LOGGER_ERROR_NOT_DONE, "was not done");
  g_assert_cmpstr (f->log->str, ==, "1E/8 18 1E/8 18 1E/8 18 ");
}

static void
test_program_refused (Fixture *f, gconstpointer data)
{
  static const struct
  {
    guint         type;
    guint         code;
    OpLoggerError error;
    const char   *words;
    const char   *log;
  } refusals[] = {
    { 0x1E, 0x13, OP_LOGGER_ERROR_UNSUPPORTED, "FileCmd", "1E " },
    /* It could be the program itself that takes the room: it is deleted, and sent again. */
    { 0x1C, 0x02, OP_LOGGER_ERROR_NO_ROOM, "out of resources", "1E/8 1C 1E/8 1C 1E/8 1C " },
    { 0x1C, 0x01, OP_LOGGER_ERROR_REFUSED, "no security codes", "1E/8 1C " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      g_string_truncate (f->log, 0);
      f->refused_type = refusals[i].type;
      f->refusal = refusals[i].code;
      run_job (f, PROGRAM_NAME, &outcome);
      assert_fails (&outcome, refusals[i].error, refusals[i].words);
      g_assert_cmpstr (f->log->str, ==, refusals[i].log);
    }
}

/* Refused before anything is sent. */
static void
test_program_of_another_kind (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  run_job (f, "CPU:p.CR2", &outcome);
  assert_fails (&outcome, OP_LOGGER_ERROR_UNSUPPORTED, "no compiled program");
  g_assert_cmpstr (f->log->str, ==, "");
}

static void
test_program_for_another_logger (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  run_job (f, PROGRAM_NAME, &outcome);
  assert_fails (&outcome, OP_LOGGER_ERROR_UNSUPPORTED, "CR200 series");
}

#define ADD(name, setup, test) g_test_add ("/small-logger/" name, Fixture, NULL, setup, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("recognised", set_up, test_recognised);
  ADD ("not-one", set_up, test_not_one);
  ADD ("clock", set_up_identified, test_clock);
  ADD ("swath", set_up_identified, test_swath);
  ADD ("stamps-of-seconds", set_up_identified, test_stamps_of_seconds);
  ADD ("settings-in-short-packets", set_up_identified, test_settings_in_short_packets);
  ADD ("program/sent", set_up_identified, test_program);
  ADD ("program/does-not-run", set_up_identified, test_program_does_not_run);
  ADD ("program/lost-stop", set_up_identified, test_program_lost_stop);
  ADD ("program/never-stops", set_up_identified, test_program_never_stops);
  ADD ("program/refused", set_up_identified, test_program_refused);
  ADD ("program/of-another-kind", set_up_identified, test_program_of_another_kind);
  ADD ("program/for-another-logger", set_up, test_program_for_another_logger);

  return g_test_run ();
}
