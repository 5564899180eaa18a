/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Faults: how they are written, how often they happen, and what they do. */

#include "protocol/emulator/fault-transport.h"
#include "protocol/transport/memory-transport.h"
#include "tests/emulator/peer.h"

#include <math.h>

static void
test_parse (void)
{
  OpFaults faults = { { 0 } };
  g_autoptr (GError) error = NULL;

  g_assert_true (op_faults_parse ("bit-flip:0.001,frame-drop:0.2,reboot:1", &faults, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (faults.rates[OP_FAULT_BIT_FLIP], ==, 0.001);
  g_assert_cmpfloat (faults.rates[OP_FAULT_FRAME_DROP], ==, 0.2);
  g_assert_cmpfloat (faults.rates[OP_FAULT_REBOOT], ==, 1);
  g_assert_cmpfloat (faults.rates[OP_FAULT_BYTE_DROP], ==, 0);
}

static void
test_parse_refused (void)
{
  const char *wrong[] = { "", "bit-flip", "bit-flip:", "bit-flip:x", "bit-flip:0.1x", "bit-flip:2", "bit-flip:-1",
                          "bit-flip:nan", "bit-flap:0.1", "bit-flip:0.1,,byte-dup:0.1", "bit-flip:0.1," };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      OpFaults faults = { { 0 } };
      g_autoptr (GError) error = NULL;

      g_assert_false (op_faults_parse (wrong[i], &faults, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
  {
    g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
    g_autoptr (GError) error = NULL;

    options->faults = g_strdup ("frame-lost:0.1");
    g_assert_null (op_emulator_new (options, &error));
    g_assert_nonnull (strstr (error->message, "frame-lost"));
    g_assert_nonnull (strstr (error->message, "bit-flip, byte-drop, byte-dup, frame-drop, frame-dup, frame-delay, "
                                              "frame-reorder, disconnect, reboot"));
  }
}

/* A line from a faulty end to a sound one. */
typedef struct
{
  OpTransport *faulty;
  OpTransport *far_end;
  GByteArray  *got;
  guint        n_pieces;
  guint        n_opened;
  guint        n_reboots;
  gboolean     closed;
} Line;

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_assert_true (op_transport_open_finish (OP_TRANSPORT (source), result, NULL));
  ((Line *) data)->n_opened++;
}

static void
on_received_cb (OpTransport *transport, GBytes *bytes, Line *line)
{
  g_byte_array_append (line->got, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  line->n_pieces++;
}

static void
on_closed_cb (OpTransport *transport, const GError *error, Line *line)
{
  line->closed = TRUE;
}

static void
on_reboot_cb (OpFaultTransport *transport, Line *line)
{
  line->n_reboots++;
}

static gboolean
is_open (gpointer data)
{
  return ((Line *) data)->n_opened == 2;
}

static void
line_init (Line *line, const char *text, guint32 seed)
{
  g_autoptr (OpTransport) near_end = NULL;
  OpFaults faults;

  *line = (Line) { .got = g_byte_array_new () };
  g_assert_true (op_faults_parse (text, &faults, NULL));
  op_memory_transport_new_pair (&near_end, &line->far_end);
  line->faulty = op_fault_transport_new (near_end, &faults, seed);
  g_signal_connect (line->far_end, "received", G_CALLBACK (on_received_cb), line);
  g_signal_connect (line->faulty, "closed", G_CALLBACK (on_closed_cb), line);
  g_signal_connect (line->faulty, "reboot", G_CALLBACK (on_reboot_cb), line);
  op_transport_open_async (line->faulty, NULL, on_opened_cb, line);
  op_transport_open_async (line->far_end, NULL, on_opened_cb, line);
  wait_until (is_open, line);
}

static void
line_clear (Line *line)
{
  g_signal_handlers_disconnect_by_data (line->faulty, line);
  g_signal_handlers_disconnect_by_data (line->far_end, line);
  g_object_unref (line->faulty);
  g_object_unref (line->far_end);
  g_byte_array_unref (line->got);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

#define FRAME_SIZE 100

/* Sends @n frames of FRAME_SIZE bytes, the number of the frame in each, and takes what comes. */
static void
send_frames (Line *line, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      guint8 bytes[FRAME_SIZE];
      g_autoptr (GBytes) frame = NULL;

      memset (bytes, i, sizeof bytes);
      frame = g_bytes_new (bytes, sizeof bytes);
      op_transport_send (line->faulty, frame);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The share that happened lies within four standard deviations. */
static void
assert_rate (guint count, guint n, double rate)
{
  g_assert_cmpfloat (fabs (count - n * rate), <, 4 * sqrt (n * rate * (1 - rate)));
}

static guint
get_count (Line *line, OpFault fault)
{
  return op_fault_transport_get_count (OP_FAULT_TRANSPORT (line->faulty), fault);
}

static void
test_bit_flips (void)
{
  g_auto (Line) line = { NULL };
  guint n_wrong = 0;

  line_init (&line, "bit-flip:0.01", 1);
  send_frames (&line, 500);
  g_assert_cmpuint (line.got->len, ==, 500 * FRAME_SIZE);
  for (guint i = 0; i < line.got->len; i++)
    {
      guint8 difference = line.got->data[i] ^ (guint8) (i / FRAME_SIZE);

      n_wrong += difference != 0;
      g_assert_cmpuint (difference & (difference - 1), ==, 0);
    }
  assert_rate (n_wrong, 500 * FRAME_SIZE, 0.01);
  g_assert_cmpuint (n_wrong, ==, get_count (&line, OP_FAULT_BIT_FLIP));
}

static void
test_bytes (void)
{
  g_auto (Line) drops = { NULL };
  g_auto (Line) doubles = { NULL };

  line_init (&drops, "byte-drop:0.02", 2);
  send_frames (&drops, 500);
  assert_rate (500 * FRAME_SIZE - drops.got->len, 500 * FRAME_SIZE, 0.02);
  line_init (&doubles, "byte-dup:0.02", 2);
  send_frames (&doubles, 500);
  assert_rate (doubles.got->len - 500 * FRAME_SIZE, 500 * FRAME_SIZE, 0.02);
}

static void
test_frames (void)
{
  g_auto (Line) drops = { NULL };
  g_auto (Line) doubles = { NULL };
  g_auto (Line) disorder = { NULL };
  guint n_swapped = 0;

  line_init (&drops, "frame-drop:0.2", 3);
  send_frames (&drops, 1000);
  assert_rate (1000 - drops.n_pieces, 1000, 0.2);
  line_init (&doubles, "frame-dup:0.1", 3);
  send_frames (&doubles, 1000);
  assert_rate (doubles.n_pieces - 1000, 1000, 0.1);

  line_init (&disorder, "frame-reorder:0.1", 3);
  send_frames (&disorder, 250);
  for (guint i = FRAME_SIZE; i < disorder.got->len; i += FRAME_SIZE)
    n_swapped += disorder.got->data[i] + 1 == disorder.got->data[i - FRAME_SIZE];
  g_assert_cmpuint (n_swapped, >, 8);
  /* One held back at the end may be missing. */
  g_assert_cmpuint (n_swapped, >=, get_count (&disorder, OP_FAULT_FRAME_REORDER) - 1);
}

static gboolean
has_all (gpointer data)
{
  return ((Line *) data)->n_pieces == 2;
}

static void
test_delay (void)
{
  g_auto (Line) line = { NULL };
  gint64 begin = g_get_monotonic_time ();

  line_init (&line, "frame-delay:1", 4);
  send_frames (&line, 2);
  g_assert_cmpuint (line.n_pieces, ==, 0);
  wait_until (has_all, &line);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 2900000);
  g_assert_cmpuint (line.got->data[0], ==, 0);
}

static gboolean
is_closed (gpointer data)
{
  return ((Line *) data)->closed;
}

static gboolean
has_rebooted (gpointer data)
{
  return ((Line *) data)->n_reboots > 0;
}

static void
test_ends (void)
{
  g_auto (Line) cut = { NULL };
  g_auto (Line) reboot = { NULL };

  line_init (&cut, "disconnect:1", 5);
  send_frames (&cut, 3);
  wait_until (is_closed, &cut);
  g_assert_cmpuint (cut.n_pieces, ==, 0);
  line_init (&reboot, "reboot:1", 5);
  send_frames (&reboot, 3);
  wait_until (has_rebooted, &reboot);
  g_assert_cmpuint (reboot.n_reboots, ==, 1);
}

static void
test_repeats (void)
{
  const char *all = "bit-flip:0.01,byte-drop:0.01,byte-dup:0.01,frame-drop:0.1,frame-dup:0.1,frame-reorder:0.1";
  g_auto (Line) first = { NULL };
  g_auto (Line) second = { NULL };
  g_auto (Line) other = { NULL };

  line_init (&first, all, 7);
  line_init (&second, all, 7);
  line_init (&other, all, 8);
  send_frames (&first, 200);
  send_frames (&second, 200);
  send_frames (&other, 200);
  g_assert_cmpmem (first.got->data, first.got->len, second.got->data, second.got->len);
  g_assert_false (first.got->len == other.got->len && memcmp (first.got->data, other.got->data, first.got->len) == 0);
}

static guint
count_answers (const char *faults, guint n)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = NULL;
  g_autoptr (Peer) peer = NULL;

  options->faults = g_strdup (faults);
  emulator = op_emulator_new (options, NULL);
  peer = peer_new (emulator);
  for (guint i = 0; i < n; i++)
    peer_send_hex (peer, "90 01 0F FE");
  for (guint i = 0; i < 1000; i++)
    g_main_context_iteration (NULL, FALSE);
  return peer_get_n_waiting (peer);
}

/* Both a question and its answer can be lost: 0.8² of them get through. */
static void
test_emulator (void)
{
  assert_rate (count_answers ("frame-drop:0.2", 500), 500, 0.64);
  g_assert_cmpuint (count_answers ("frame-drop:1", 10), ==, 0);
  g_assert_cmpuint (count_answers ("frame-drop:0", 10), ==, 11);
}

/* A reboot ends all links; a new one is accepted. */
static void
test_reboot (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = NULL;
  g_autoptr (Peer) first = NULL;
  g_autoptr (Peer) second = NULL;

  options->faults = g_strdup ("reboot:0.02");
  options->seed = 11; /* spares the greetings */
  emulator = op_emulator_new (options, NULL);
  first = peer_new (emulator);
  second = peer_new (emulator);
  g_assert_false (peer_is_closed (second));
  for (guint i = 0; i < 500; i++)
    peer_send_hex (first, "90 01 0F FE");
  peer_wait_closed (first);
  peer_wait_closed (second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/faults/parse", test_parse);
  g_test_add_func ("/emulator/faults/parse-refused", test_parse_refused);
  g_test_add_func ("/emulator/faults/bit-flips", test_bit_flips);
  g_test_add_func ("/emulator/faults/bytes", test_bytes);
  g_test_add_func ("/emulator/faults/frames", test_frames);
  g_test_add_func ("/emulator/faults/delay", test_delay);
  g_test_add_func ("/emulator/faults/ends", test_ends);
  g_test_add_func ("/emulator/faults/repeats", test_repeats);
  g_test_add_func ("/emulator/faults/emulator", test_emulator);
  g_test_add_func ("/emulator/faults/reboot", test_reboot);
  return g_test_run ();
}
