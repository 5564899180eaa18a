/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/memory-transport.h"
#include "protocol/transport/trace.h"
#include "tests/transport/ear.h"

#include <glib/gstdio.h>

static const char conversation[] = "# a conversation\n"
                                   "0.000000 open tcp://127.0.0.1:6785\n"
                                   "\n"
                                   "0.012345 > BD 90 01 0F FE 71 D2 BD      (ring)\n"
                                   "0.020011 < bd AF FE\n"
                                   "0.020011 < 00 01 5A 89 BD\n"
                                   "  0.5 > 01 02\r\n"
                                   "0.5 > 03\n"
                                   "0.6 < 04 05\n"
                                   "1.5 closed The connection was reset\n";

static GPtrArray *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *events = op_trace_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return events;
}

static void
test_parse (void)
{
  static const guint8 ring[] = { 0xbd, 0x90, 0x01, 0x0f, 0xfe, 0x71, 0xd2, 0xbd };
  g_autoptr (GPtrArray) events = parse (conversation);
  const OpTraceEvent *event;
  gsize length;

  g_assert_cmpuint (events->len, ==, 8);
  event = g_ptr_array_index (events, 0);
  g_assert_cmpint (event->kind, ==, OP_TRACE_OPENED);
  g_assert_cmpstr (event->text, ==, "tcp://127.0.0.1:6785");
  event = g_ptr_array_index (events, 1);
  g_assert_cmpint (event->kind, ==, OP_TRACE_SENT);
  g_assert_cmpint (event->time_us, ==, 12345);
  g_assert_cmpuint (event->line, ==, 4);
  g_assert_cmpmem (g_bytes_get_data (event->bytes, &length), g_bytes_get_size (event->bytes), ring,
                   sizeof ring);
  event = g_ptr_array_index (events, 2);
  g_assert_cmpint (event->kind, ==, OP_TRACE_RECEIVED);
  event = g_ptr_array_index (events, 7);
  g_assert_cmpint (event->kind, ==, OP_TRACE_CLOSED);
  g_assert_cmpint (event->time_us, ==, 1500000);
  g_assert_cmpstr (event->text, ==, "The connection was reset");
}

static void
test_parse_bad (void)
{
  static const struct
  {
    const char *text;
    const char *named;
  } bad[] = {
    { "0.0 > 01\n0.1 > 0\n", "Line 2" },
    { "0.0 > 01 0g\n", "0g" },
    { "0.0 > 001\n", "001" },
    { "0.0 >01\n", ">01" },
    { "# x\n\n0.0 sent 01", "Line 3" },
    { "now > 01\n", "now" },
    { "-1 > 01\n", "-1" },
    { "nan > 01\n", "nan" },
    { "1e30 > 01\n", "1e30" },
    { "1.0\n", "Line 1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (op_trace_parse (bad[i].text, strlen (bad[i].text), &error));
      g_assert_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_REPLAY);
      if (strstr (error->message, bad[i].named) == NULL)
        g_error ("“%s” is not named in: %s", bad[i].named, error->message);
    }
}

/* A recorder over one end of a pair, and the pair's other end. */
typedef struct
{
  char *folder;
  char *path;
  Ear  *recorder;
  Ear  *peer;
  guint n_events;
} Fixture;

static void
on_event_cb (OpRecorder *recorder, OpTraceEvent *event, gpointer data)
{
  Fixture *fixture = data;

  g_assert_cmpint (event->time_us, >=, 0);
  fixture->n_events++;
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  OpTransport *inner, *peer;

  fixture->folder = g_dir_make_tmp ("outpost-trace-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "trace.txt", NULL);
  op_memory_transport_new_pair (&inner, &peer);
  fixture->recorder = ear_new (op_recorder_new (inner, fixture->path));
  g_signal_connect (fixture->recorder->transport, "event", G_CALLBACK (on_event_cb), fixture);
  g_object_unref (inner);
  fixture->peer = ear_new (peer);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->recorder, ear_free);
  g_clear_pointer (&fixture->peer, ear_free);
  g_remove (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

/* "Hello" goes out, a thousand bytes come back, the peer hangs up; then a second, short opening. */
static void
hold_conversation (Fixture *fixture)
{
  g_autoptr (GBytes) pattern = pattern_new (1000);

  g_assert_true (ear_open (fixture->recorder));
  g_assert_true (ear_open (fixture->peer));
  ear_send_text (fixture->recorder, "Hello");
  ear_assert_heard (fixture->peer, "Hello");
  op_transport_send (fixture->peer->transport, pattern);
  op_transport_close (fixture->peer->transport);
  ear_wait_closed (fixture->recorder);
  g_assert_cmpmem (fixture->recorder->heard->data, fixture->recorder->heard->len,
                   g_bytes_get_data (pattern, NULL), 1000);

  g_assert_true (ear_open (fixture->recorder));
  ear_send_text (fixture->recorder, "2");
  op_transport_close (fixture->recorder->transport);
  g_assert_cmpuint (fixture->n_events, ==, 7);
  /* All is written when it is gone. */
  g_clear_pointer (&fixture->recorder, ear_free);
}

static void
test_record (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GRegex) times = g_regex_new ("^[0-9]+\\.[0-9]{6} ", G_REGEX_MULTILINE, 0, NULL);
  g_autofree char *without_times = NULL;
  g_autoptr (GString) all = g_string_new (NULL);

  hold_conversation (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  without_times = g_regex_replace (times, text, -1, 0, "", 0, NULL);
  g_assert_true (g_str_has_prefix (without_times, "open memory\n> 48 65 6C 6C 6F\n< 00 01 02 03 "));
  g_assert_true (g_str_has_suffix (without_times,
                                   "\nclosed The other side closed the link.\nopen memory\n> 32\nclosed\n"));

  /* What is written reads back and is written the same. */
  events = parse (text);
  for (guint i = 0; i < events->len; i++)
    op_trace_event_append (g_ptr_array_index (events, i), all);
  g_assert_cmpstr (all->str, ==, text);
}

static void
test_replay_of_record (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) pattern = pattern_new (1000);
  g_autoptr (Ear) ear = NULL;

  hold_conversation (fixture);
  ear = ear_new (op_replay_new_for_file (fixture->path));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (ear_open (ear));
      settle ();
      g_assert_cmpuint (ear->heard->len, ==, 0);
      ear_send_text (ear, "Hel");
      ear_send_text (ear, "lo");
      ear_wait_closed (ear);
      g_assert_error (ear->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
      g_assert_cmpmem (ear->heard->data, ear->heard->len, g_bytes_get_data (pattern, NULL), 1000);

      /* The second opening ends by us only; after it, the trace begins anew. */
      g_assert_true (ear_open (ear));
      ear_send_text (ear, "2");
      settle ();
      g_assert_cmpuint (ear->n_closed, ==, 1);
      op_transport_close (ear->transport);
      ear->n_closed = 0;
      g_byte_array_set_size (ear->heard, 0);
    }
}

static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  OpTransport *inner, *peer;
  g_autoptr (Ear) ear = NULL;

  op_memory_transport_new_pair (&inner, &peer);
  ear = ear_new (op_recorder_new (inner, "/no/such/folder/trace.txt"));
  g_assert_false (ear_open (ear));
  g_assert_error (ear->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_FAILED);
  g_assert_nonnull (strstr (ear->failed->message, "/no/such/folder/trace.txt"));
  g_assert_false (op_transport_is_open (inner));
  g_object_unref (inner);
  g_object_unref (peer);
}

/* Closed at any turn of the first opening, it opens again at once, and stays open. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  for (guint n_turns = 0; n_turns < 12; n_turns++)
    {
      OpTransport *near_end, *far_end;
      g_autoptr (Ear) ear = NULL, peer = NULL;
      g_autofree char *path = g_strdup_printf ("%s.%u", fixture->path, n_turns);

      op_memory_transport_new_pair (&near_end, &far_end);
      ear = ear_new (op_recorder_new (near_end, path));
      peer = ear_new (far_end);
      ear_start_open (ear, NULL);
      for (guint i = 0; i < n_turns && ear->n_opened == 0; i++)
        g_main_context_iteration (NULL, TRUE);
      op_transport_close (ear->transport);
      ear_start_open (ear, NULL);
      ear_wait_opened (ear, 2);
      g_assert_true (op_transport_is_open (ear->transport));
      g_assert_true (op_transport_is_open (near_end));
      g_assert_true (ear_open (peer));
      ear_send_text (ear, "Hello");
      ear_assert_heard (peer, "Hello");
      g_object_unref (near_end);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

static Ear *
open_replay (const char *text)
{
  g_autoptr (GPtrArray) events = parse (text);
  Ear *ear = ear_new (op_replay_new (events));

  g_assert_true (ear_open (ear));
  return ear;
}

/* Cuts do not matter, and what comes waits for what has to be sent first. */
static void
test_replay (void)
{
  g_autoptr (Ear) ear = open_replay (conversation);
  g_autoptr (GBytes) ring = g_bytes_new_static ("\xbd\x90\x01\x0f\xfe\x71\xd2\xbd\x01", 9);
  g_autoptr (GBytes) rest = g_bytes_new_static ("\x02\x03", 2);

  settle ();
  g_assert_cmpuint (ear->heard->len, ==, 0);
  op_transport_send (ear->transport, ring);
  ear_wait_heard (ear, 8);
  settle ();
  g_assert_cmpuint (ear->heard->len, ==, 8);
  op_transport_send (ear->transport, rest);
  ear_wait_closed (ear);
  g_assert_cmpuint (ear->heard->len, ==, 10);
  g_assert_error (ear->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
  g_assert_cmpstr (ear->closed->message, ==, "The connection was reset");
}

static void
test_mismatch (void)
{
  static const char text[] = "0 open x\n# note\n0 > 41\n0 > 42 43\n0 < 44\n";
  g_autoptr (Ear) wrong = open_replay (text);
  g_autoptr (Ear) more = open_replay (text);

  ear_send_text (wrong, "ABX");
  g_assert_true (op_transport_is_open (wrong->transport));
  ear_wait_closed (wrong);
  g_assert_error (wrong->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_REPLAY);
  g_assert_cmpstr (wrong->closed->message, ==, "58 was sent where line 4 of the trace has 43 at byte 1.");
  g_assert_cmpuint (wrong->heard->len, ==, 0);

  ear_send_text (more, "ABC");
  ear_assert_heard (more, "D");
  ear_send_text (more, "E");
  ear_wait_closed (more);
  g_assert_error (more->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_REPLAY);
  g_assert_nonnull (strstr (more->closed->message, "line 5"));
}

static void
test_replay_files (void)
{
  g_autoptr (Ear) missing = ear_new (op_replay_new_for_file ("/no/such/trace.txt"));
  g_autoptr (Ear) endless = ear_new (op_replay_new_for_file ("/dev/zero"));
  g_autoptr (Ear) cancelled = ear_new (op_replay_new_for_file ("/no/such/trace.txt"));

  g_assert_false (ear_open (missing));
  g_assert_error (missing->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_REPLAY);
  g_assert_nonnull (strstr (missing->failed->message, "/no/such/trace.txt"));
  g_assert_false (ear_open (endless));
  g_assert_error (endless->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_REPLAY);
  ear_start_open (cancelled, NULL);
  op_transport_close (cancelled->transport);
  ear_wait_opened (cancelled, 1);
  g_assert_error (cancelled->failed, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(name, func)                                                                                      \
  g_test_add ("/transport/trace/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transport/trace/parse", test_parse);
  g_test_add_func ("/transport/trace/parse-bad", test_parse_bad);
  ADD ("record", test_record);
  ADD ("replay-of-record", test_replay_of_record);
  ADD ("unwritable", test_unwritable);
  ADD ("cancelled", test_cancelled);
  g_test_add_func ("/transport/trace/replay", test_replay);
  g_test_add_func ("/transport/trace/mismatch", test_mismatch);
  g_test_add_func ("/transport/trace/replay-files", test_replay_files);

  return g_test_run ();
}
