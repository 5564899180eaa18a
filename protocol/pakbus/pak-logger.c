/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/pak-logger-private.h"

#include "protocol/pakbus/clock-job-private.h"
#include "protocol/pakbus/collect-job-private.h"
#include "protocol/pakbus/file-job-private.h"
#include "protocol/pakbus/hints-private.h"
#include "protocol/pakbus/identify-job-private.h"
#include "protocol/pakbus/node-private.h"
#include "protocol/pakbus/one-way-private.h"

#include <glib/gi18n-lib.h>

/* Requests that wait for their answers at a time in fast collection. */
#define FAST_IN_FLIGHT 8

struct _PakLogger
{
  OpLogger parent_instance;

  OpTransport *transport;
  PakSession  *session;
  guint16      asked_address;
  guint16      asked_neighbour;
  guint16      asked_security;
  gboolean     is_fast;
  PakTarget    target;      /* whom requests go to, once open */
  guint        heard_other; /* a node that is not the one asked for; 0: none */
  gboolean     heard_asked;
  PakOneWay   *one_way;
};

G_DEFINE_FINAL_TYPE (PakLogger, pak_logger, OP_TYPE_LOGGER)

/* Whom the first talk is with: the router where there is one; 0: whoever is there. */
static guint16
get_first_hop (const PakLogger *self)
{
  return self->asked_neighbour != 0 ? self->asked_neighbour : self->asked_address;
}

/* Ends a step that failed. Takes @error. */
static void
fail_step (GTask *task, OpLoggerStep step, GError *error)
{
  op_logger_emit_step (g_task_get_source_object (task), step, OP_STEP_FAILED, error->message);
  g_task_return_error (task, error);
}

/* Opening */

static void
on_connected_cb (PakSession *session, gpointer data)
{
  OpLogger *logger = OP_LOGGER (data);

  op_logger_emit_step (logger, OP_STEP_CONNECT, OP_STEP_DONE,
                       op_transport_get_name (PAK_LOGGER (data)->transport));
  op_logger_emit_step (logger, OP_STEP_ANSWER, OP_STEP_RUNNING, "");
}

/* "38400 baud", or "" where there is no speed. */
static char *
describe_baud (PakLogger *self)
{
  guint baud = pak_session_get_baud (self->session);

  return baud != 0 ? g_strdup_printf (_ ("%u baud"), baud) : g_strdup ("");
}

static void
on_trying_baud_cb (PakSession *session, guint baud, gpointer data)
{
  g_autofree char *detail = describe_baud (data);

  op_logger_emit_step (data, OP_STEP_ANSWER, OP_STEP_RUNNING, detail);
}

static void
emit_answered (PakLogger *self)
{
  g_autofree char *detail = describe_baud (self);

  op_logger_emit_step (OP_LOGGER (self), OP_STEP_ANSWER, OP_STEP_DONE, detail);
}

static void
on_node_seen_cb (PakSession *session, guint address, gpointer data)
{
  PakLogger *self = data;

  if (address == get_first_hop (self) || address == self->asked_address)
    self->heard_asked = TRUE;
  else
    self->heard_other = address;
}

static void
on_one_way_cb (PakSession *session, guint node, GBytes *message, gpointer data)
{
  g_autoptr (PakLogger) self = g_object_ref (data);
  g_autoptr (GError) error = NULL;

  /* On a noisy link what is read must be read twice; collecting does. */
  if (node != self->target.node || pak_session_is_noisy (session))
    return;
  if (!pak_one_way_take (self->one_way, message, &error))
    g_debug ("%s", error->message);
}

static void
on_one_way_records_cb (OpTable *table, const OpChunk *chunk, gpointer data)
{
  op_logger_emit_records (data, table, chunk);
}

static void
on_session_closed_cb (PakSession *session, GError *error, gpointer data)
{
  op_logger_emit_closed (OP_LOGGER (data), error);
}

/* The link is up, but who should answer does not. Takes @error. */
static void
fail_hello (PakLogger *self, GTask *task, GError *error)
{
  gboolean is_silent = g_error_matches (error, PAK_ERROR, PAK_ERROR_TIMED_OUT);

  pak_session_close (self->session);
  if (is_silent && !self->heard_asked && self->heard_other != 0)
    {
      emit_answered (self);
      error = pak_explain_wrong_address (error, get_first_hop (self), self->heard_other,
                                         op_transport_get_name (self->transport));
      fail_step (task, OP_STEP_ADDRESS, error);
    }
  else
    fail_step (task, self->heard_asked ? OP_STEP_ADDRESS : OP_STEP_ANSWER,
               pak_logger_explain (self, error, _ ("Connecting")));
}

static void
on_hello_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakLogger *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);
  g_autofree char *detail = g_strdup_printf (_ ("PakBus address %u"), (guint) self->target.node);

  if (answer == NULL)
    {
      fail_hello (self, task, error);
      return;
    }
  emit_answered (self);
  op_logger_emit_step (OP_LOGGER (self), OP_STEP_ADDRESS, OP_STEP_DONE, detail);
  g_task_return_boolean (task, TRUE);
}

static void
send_hello (PakLogger *self, GTask *task, guint16 neighbour)
{
  gboolean is_elsewhere = neighbour == get_first_hop (self) && self->heard_other != 0 && !self->heard_asked;
  /* Who answers at another address makes long patience with this one pointless. */
  PakRepeat repeat = is_elsewhere ? PAK_REPEAT_NEVER : PAK_REPEAT_NEW_NUMBER;

  pak_session_transact_async (self->session, neighbour, pak_node_new_hello (), repeat, g_task_get_cancellable (task), on_hello_cb,
                              g_object_ref (task));
}

static void
on_session_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakLogger *self = g_task_get_source_object (task);
  GError *error = NULL;
  guint16 neighbour = pak_session_open_finish (PAK_SESSION (source), result, &error);

  if (neighbour == 0)
    {
      OpLoggerStep step = error->domain == PAK_ERROR ? OP_STEP_ANSWER : OP_STEP_CONNECT;

      fail_step (task, step, pak_logger_explain (self, error, _ ("Connecting")));
      return;
    }
  self->target.node = self->asked_address != 0 ? self->asked_address : pak_session_get_node (self->session);
  if (get_first_hop (self) == 0)
    self->heard_asked = TRUE;
  if (self->heard_asked)
    emit_answered (self);
  op_logger_emit_step (OP_LOGGER (self), OP_STEP_ADDRESS, OP_STEP_RUNNING, "");
  send_hello (self, task, neighbour);
}

static void
pak_logger_open_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  PakLogger *self = PAK_LOGGER (logger);
  GTask *task = g_task_new (self, cancellable, callback, data);

  self->heard_other = 0;
  self->heard_asked = FALSE;
  pak_one_way_forget (self->one_way);
  self->target.max_packet = 0;
  self->target.security = self->asked_security;
  op_logger_emit_step (logger, OP_STEP_CONNECT, OP_STEP_RUNNING, op_transport_get_name (self->transport));
  pak_session_open_async (self->session, get_first_hop (self), cancellable, on_session_opened_cb, task);
}

static void
pak_logger_close (OpLogger *logger)
{
  pak_session_close (PAK_LOGGER (logger)->session);
}

/* Identity */

/* Such a logger knows no security code, and must never have two requests at a time (pakbus-facts C6). */
static void
adapt_to_small (PakLogger *self, guint16 max_packet)
{
  self->target.max_packet = max_packet;
  self->target.security = 0;
  pak_session_set_max_in_flight (self->session, 1);
}

static void
on_identified_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpLogger *logger = g_task_get_source_object (task);
  GError *error = NULL;
  guint16 max_packet;
  OpIdentity *identity = pak_identify_finish (PAK_SESSION (source), result, &max_packet, &error);

  if (identity == NULL)
    {
      OpLoggerStep step = g_error_matches (error, PAK_ERROR, PAK_ERROR_PERMISSION) ? OP_STEP_SECURITY
                                                                                   : OP_STEP_IDENTITY;

      fail_step (task, step, pak_logger_explain (PAK_LOGGER (logger), error, _ ("Identifying the logger")));
      return;
    }
  if (max_packet != 0)
    adapt_to_small (PAK_LOGGER (logger), max_packet);
  op_logger_emit_step (logger, OP_STEP_SECURITY, OP_STEP_DONE, "");
  op_logger_emit_step (logger, OP_STEP_IDENTITY, OP_STEP_DONE, identity->model);
  g_task_return_pointer (task, identity, (GDestroyNotify) op_identity_free);
}

static void
pak_logger_identify_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  PakLogger *self = PAK_LOGGER (logger);
  GTask *task = g_task_new (self, cancellable, callback, data);

  op_logger_emit_step (logger, OP_STEP_SECURITY, OP_STEP_RUNNING, "");
  pak_identify_async (&self->target, cancellable, on_identified_cb, task);
}

/* Tables */

static void
on_definitions_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpLogger *logger = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GBytes) file = pak_read_file_finish (PAK_SESSION (source), result, &error);
  g_autofree char *detail = NULL;
  GPtrArray *tables = NULL;

  if (file != NULL)
    tables = op_table_parse_file (g_bytes_get_data (file, NULL), g_bytes_get_size (file), &error);
  if (tables == NULL)
    {
      fail_step (task, OP_STEP_TABLES, pak_logger_explain (PAK_LOGGER (logger), error, _ ("Reading the tables")));
      return;
    }
  pak_one_way_set_tables (PAK_LOGGER (logger)->one_way, tables);
  detail = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u table", "%u tables", tables->len), tables->len);
  op_logger_emit_step (logger, OP_STEP_TABLES, OP_STEP_DONE, detail);
  g_task_return_pointer (task, tables, (GDestroyNotify) g_ptr_array_unref);
}

static void
pak_logger_read_tables_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer data)
{
  PakLogger *self = PAK_LOGGER (logger);
  GTask *task = g_task_new (self, cancellable, callback, data);

  op_logger_emit_step (logger, OP_STEP_TABLES, OP_STEP_RUNNING, "");
  pak_read_file_async (&self->target, ".TDF", cancellable, on_definitions_cb, task);
}

/* Clock */

static void
on_clock_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpLogger *logger = g_task_get_source_object (task);
  GError *error = NULL;
  OpClockReading *reading = pak_read_clock_finish (PAK_SESSION (source), result, &error);
  char text[OP_TIME_TEXT_SIZE];

  if (reading == NULL)
    {
      fail_step (task, OP_STEP_CLOCK, pak_logger_explain (PAK_LOGGER (logger), error, _ ("Reading the clock")));
      return;
    }
  op_time_format (reading->logger_time, text);
  op_logger_emit_step (logger, OP_STEP_CLOCK, OP_STEP_DONE, text);
  g_task_return_pointer (task, reading, g_free);
}

static void
pak_logger_read_clock_async (OpLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer data)
{
  PakLogger *self = PAK_LOGGER (logger);
  GTask *task = g_task_new (self, cancellable, callback, data);

  op_logger_emit_step (logger, OP_STEP_CLOCK, OP_STEP_RUNNING, "");
  pak_read_clock_async (&self->target, cancellable, on_clock_cb, task);
}

/* Records */

static void
on_newest_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakLogger *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (OpChunk) newest = pak_read_newest_finish (PAK_SESSION (source), result, &error);
  OpTableState *state;

  if (error != NULL)
    {
      g_task_return_error (task, pak_logger_explain (self, error, _ ("Looking what the table holds")));
      return;
    }
  state = g_new0 (OpTableState, 1);
  state->empty = newest == NULL;
  if (newest != NULL)
    {
      state->newest = newest->first;
      state->newest_time = newest->first_time;
    }
  g_task_return_pointer (task, state, g_free);
}

static void
pak_logger_read_table_state_async (OpLogger *logger, OpTable *table, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (logger, cancellable, callback, data);

  pak_read_newest_async (&PAK_LOGGER (logger)->target, table, cancellable, on_newest_cb, task);
}

static void
on_collected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakLogger *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (pak_collect_finish (PAK_SESSION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, pak_logger_explain (self, error, _ ("Collecting records")));
}

static void
pak_logger_collect_async (OpLogger *logger, OpTable *table, const OpCollectRange *range, OpCollectFunc func,
                          OpProgressFunc progress, gpointer func_data, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  PakLogger *self = PAK_LOGGER (logger);
  GTask *task = g_task_new (self, cancellable, callback, data);

  /* That its buffer is small may have turned out only now. */
  pak_session_set_max_in_flight (self->session,
                                 self->is_fast && !pak_target_is_small (&self->target) ? FAST_IN_FLIGHT : 1);
  pak_collect_async (&self->target, table, range, func, progress, func_data, cancellable, on_collected_cb, task);
}

static guint64
pak_logger_get_traffic (OpLogger *logger)
{
  guint64 sent;
  guint64 received;

  pak_session_get_traffic (PAK_LOGGER (logger)->session, &sent, &received);
  return sent + received;
}

static void
pak_logger_dispose (GObject *object)
{
  PakLogger *self = PAK_LOGGER (object);

  g_signal_handlers_disconnect_by_data (self->session, self);
  pak_session_close (self->session);
  G_OBJECT_CLASS (pak_logger_parent_class)->dispose (object);
}

static void
pak_logger_finalize (GObject *object)
{
  PakLogger *self = PAK_LOGGER (object);

  pak_one_way_free (self->one_way);
  g_object_unref (self->session);
  g_object_unref (self->transport);
  G_OBJECT_CLASS (pak_logger_parent_class)->finalize (object);
}

static void
pak_logger_class_init (PakLoggerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  OpLoggerClass *logger_class = OP_LOGGER_CLASS (klass);

  object_class->dispose = pak_logger_dispose;
  object_class->finalize = pak_logger_finalize;

  logger_class->open_async = pak_logger_open_async;
  logger_class->close = pak_logger_close;
  logger_class->identify_async = pak_logger_identify_async;
  logger_class->read_tables_async = pak_logger_read_tables_async;
  logger_class->read_clock_async = pak_logger_read_clock_async;
  logger_class->read_table_state_async = pak_logger_read_table_state_async;
  logger_class->collect_async = pak_logger_collect_async;
  logger_class->get_traffic = pak_logger_get_traffic;
  pak_logger_class_init_changes (logger_class);
}

static void
pak_logger_init (PakLogger *self)
{
  self->one_way = pak_one_way_new (on_one_way_records_cb, self);
}

OpLogger *
pak_logger_new (OpTransport *transport, guint16 address, guint16 neighbour, guint16 security)
{
  g_return_val_if_fail (OP_IS_TRANSPORT (transport), NULL);
  g_return_val_if_fail (address < PAK_BROADCAST && neighbour < PAK_BROADCAST, NULL);

  PakLogger *self = g_object_new (PAK_TYPE_LOGGER, NULL);

  self->transport = g_object_ref (transport);
  self->session = pak_session_new (transport, PAK_DEFAULT_ADDRESS);
  self->asked_address = address;
  self->asked_neighbour = neighbour;
  self->asked_security = security;
  self->target = (PakTarget) { .session = self->session, .node = address, .security = security };
  g_signal_connect (self->session, "connected", G_CALLBACK (on_connected_cb), self);
  g_signal_connect (self->session, "trying-baud", G_CALLBACK (on_trying_baud_cb), self);
  g_signal_connect (self->session, "node-seen", G_CALLBACK (on_node_seen_cb), self);
  g_signal_connect (self->session, "one-way", G_CALLBACK (on_one_way_cb), self);
  g_signal_connect (self->session, "closed", G_CALLBACK (on_session_closed_cb), self);
  return OP_LOGGER (self);
}

void
pak_logger_set_first_timeout (PakLogger *self, gint64 timeout_us)
{
  g_return_if_fail (PAK_IS_LOGGER (self));

  pak_session_set_first_timeout (self->session, timeout_us);
}

void
pak_logger_set_fast (PakLogger *self, gboolean fast)
{
  g_return_if_fail (PAK_IS_LOGGER (self));

  self->is_fast = fast;
}

void
pak_logger_share (PakLogger *self, const char *line)
{
  g_return_if_fail (PAK_IS_LOGGER (self));

  pak_session_share (self->session, line);
}

void
pak_logger_set_find_baud (PakLogger *self, gboolean find_baud)
{
  g_return_if_fail (PAK_IS_LOGGER (self));

  pak_session_set_find_baud (self->session, find_baud);
}

guint
pak_logger_get_baud (PakLogger *self)
{
  g_return_val_if_fail (PAK_IS_LOGGER (self), 0);

  return pak_session_get_baud (self->session);
}

gboolean
pak_logger_has_named_settings (PakLogger *self)
{
  g_return_val_if_fail (PAK_IS_LOGGER (self), FALSE);

  return pak_target_is_small (&self->target);
}

const PakTarget *
pak_logger_get_target (PakLogger *self)
{
  return &self->target;
}

GError *
pak_logger_explain (PakLogger *self, GError *error, const char *what)
{
  const char *link_name = op_transport_get_name (self->transport);

  if (pak_target_is_small (&self->target) && g_error_matches (error, PAK_ERROR, PAK_ERROR_PERMISSION))
    return pak_explain_long_packet (error, what, link_name);
  return pak_explain_error (error, what, link_name);
}
