/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/transport/ear.h"

#define WATCHDOG_S 20

static void
on_received_cb (OpTransport *transport, GBytes *bytes, gpointer data)
{
  Ear *ear = data;

  g_assert_true (op_transport_is_open (transport));
  ear->n_received++;
  g_byte_array_append (ear->heard, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (ear->echo)
    op_transport_send (transport, bytes);
}

static void
on_closed_cb (OpTransport *transport, GError *error, gpointer data)
{
  Ear *ear = data;

  g_assert_nonnull (error);
  g_assert_false (op_transport_is_open (transport));
  ear->n_closed++;
  g_clear_error (&ear->closed);
  ear->closed = g_error_copy (error);
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Ear *ear = data;
  gboolean opened;

  g_clear_error (&ear->failed);
  opened = op_transport_open_finish (OP_TRANSPORT (source), result, &ear->failed);
  g_assert_true (opened == (ear->failed == NULL));
  ear->n_opened++;
}

Ear *
ear_new (OpTransport *transport)
{
  Ear *ear = g_new0 (Ear, 1);

  ear->transport = transport;
  ear->heard = g_byte_array_new ();
  g_signal_connect (transport, "received", G_CALLBACK (on_received_cb), ear);
  g_signal_connect (transport, "closed", G_CALLBACK (on_closed_cb), ear);
  return ear;
}

void
ear_free (Ear *ear)
{
  g_signal_handlers_disconnect_by_data (ear->transport, ear);
  op_transport_close (ear->transport);
  g_object_unref (ear->transport);
  g_byte_array_unref (ear->heard);
  g_clear_error (&ear->closed);
  g_clear_error (&ear->failed);
  g_free (ear);
}

void
ear_start_open (Ear *ear, GCancellable *cancellable)
{
  op_transport_open_async (ear->transport, cancellable, on_opened_cb, ear);
}

typedef struct
{
  Ear  *ear;
  gsize n;
} Goal;

static gboolean
is_opened (gpointer data)
{
  Goal *goal = data;

  return goal->ear->n_opened >= goal->n;
}

static gboolean
is_heard (gpointer data)
{
  Goal *goal = data;

  return goal->ear->heard->len >= goal->n;
}

static gboolean
is_closed (gpointer data)
{
  return ((Ear *) data)->n_closed > 0;
}

void
ear_wait_opened (Ear *ear, guint n_opened)
{
  wait_until (is_opened, &(Goal) { ear, n_opened });
}

gboolean
ear_open (Ear *ear)
{
  ear_start_open (ear, NULL);
  ear_wait_opened (ear, ear->n_opened + 1);
  return op_transport_is_open (ear->transport);
}

void
ear_wait_heard (Ear *ear, gsize length)
{
  wait_until (is_heard, &(Goal) { ear, length });
}

void
ear_wait_closed (Ear *ear)
{
  wait_until (is_closed, ear);
}

void
ear_send_text (Ear *ear, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  op_transport_send (ear->transport, bytes);
}

void
ear_assert_heard (Ear *ear, const char *text)
{
  ear_wait_heard (ear, strlen (text));
  g_assert_cmpmem (ear->heard->data, ear->heard->len, text, strlen (text));
  g_byte_array_set_size (ear->heard, 0);
}

/* Ticks, as what other threads and processes do may not wake the main context. */
static gboolean
on_tick_cb (gpointer data)
{
  const gint64 *deadline = data;

  if (g_get_monotonic_time () > *deadline)
    g_error ("Waited %d s in vain", WATCHDOG_S);
  return G_SOURCE_CONTINUE;
}

void
wait_until (gboolean (*done) (gpointer data), gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GSource) tick = g_timeout_source_new (20);
  gint64 deadline = g_get_monotonic_time () + WATCHDOG_S * G_USEC_PER_SEC;

  g_source_set_callback (tick, on_tick_cb, &deadline, NULL);
  g_source_attach (tick, context);
  while (!done (data))
    g_main_context_iteration (context, TRUE);
  g_source_destroy (tick);
}

void
settle (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  while (g_main_context_iteration (context, FALSE))
    continue;
}

GBytes *
pattern_new (gsize length)
{
  guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) (i ^ (i >> 8) ^ (i >> 16) * 31);
  return g_bytes_new_take (bytes, length);
}

guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}
