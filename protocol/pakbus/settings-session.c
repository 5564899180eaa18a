/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/settings-session.h"

#include "protocol/pakbus/answer-private.h"
#include "protocol/pakbus/pak-logger-private.h"
#include "protocol/pakbus/settings-private.h"

#include <glib/gi18n-lib.h>

/* The device waits forty seconds (manual 2.2.6.5): one message may be lost. */
#define REFRESH_INTERVAL (15 * 1000)
#define MAX_COMMITS      3

/* Manual 2.2.6.5. */
typedef enum
{
  ACTION_COMMIT = 1,
  ACTION_CANCEL = 2,
  ACTION_REVERT = 3,
  ACTION_REFRESH = 4,
  ACTION_REBOOT = 5,
} Action;

typedef enum
{
  OUTCOME_COMMITTED = 1,
  OUTCOME_NO_CHANGES = 3,
  OUTCOME_DISCARDED = 4,
  OUTCOME_REVERTED = 5,
  OUTCOME_REFRESHED = 6,
} Outcome;

/* The device had nothing to forget, or forgot it. */
#define CANCELLED (1u << OUTCOME_NO_CHANGES | 1u << OUTCOME_DISCARDED)

struct _PakSettingsSession
{
  GObject parent_instance;

  PakLogger *logger;
  GSource   *refresh;     /* NULL once the session is over */
  GPtrArray *staged;      /* PakSetting: taken by the device and not yet committed */
  gboolean   is_reverted; /* what the device would commit cannot be known */
  gboolean   is_busy;
  gboolean   is_refreshing;
  guint      n_commits;   /* sent so far */
};

enum
{
  SIGNAL_ENDED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PakSettingsSession, pak_settings_session, G_TYPE_OBJECT)

static void send_commit (GTask *task);

/* Sends a control command; pak_session_transact_finish() takes the answer. */
static void
send_control (PakLogger *logger, Action action, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  const PakTarget *target = pak_logger_get_target (logger);
  PakMessage *command = pak_message_new (PAK_PROTOCOL_PAKCTRL, PAK_MSG_DEVCONFIG_CONTROL, 0);
  /* What restarts the device must not come twice; the others leave it as they do once. */
  gboolean restarts = action == ACTION_COMMIT || action == ACTION_REBOOT;

  pak_message_set_uint (command, "SecurityCode", target->security);
  pak_message_set_uint (command, "Action", action);
  pak_session_transact_async (target->session, target->node, command,
                              restarts ? PAK_REPEAT_NEVER : PAK_REPEAT_NEW_NUMBER, cancellable, callback, data);
}

/* Whether the answer has one of @outcomes, a bit each. */
static gboolean
check_outcome (GBytes *answer, guint outcomes, guint *outcome, GError **error)
{
  g_autoptr (PakMessage) response = pak_settings_decode (answer, error);

  if (response == NULL)
    return FALSE;
  *outcome = pak_message_get_uint (response, "Outcome");
  if (*outcome < 32 && (outcomes & 1u << *outcome) != 0)
    return TRUE;
  pak_settings_set_outcome_error (error, PAK_MSG_DEVCONFIG_CONTROL, *outcome, NULL);
  return FALSE;
}

static gboolean
finish_control (PakSession *session, GAsyncResult *result, guint outcomes, guint *outcome, GError **error)
{
  g_autoptr (GBytes) answer = pak_session_transact_finish (session, result, NULL, error);

  return answer != NULL && check_outcome (answer, outcomes, outcome, error);
}

/* Takes @error. */
static GError *
explain (PakSettingsSession *self, GError *error)
{
  return pak_logger_explain (self->logger, error, _ ("Changing settings"));
}

static void
end (PakSettingsSession *self)
{
  if (self->refresh == NULL)
    return;
  g_source_destroy (self->refresh);
  g_clear_pointer (&self->refresh, g_source_unref);
}

/* Keeping the device waiting */

static void
on_refreshed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PakSettingsSession) self = data;
  g_autoptr (GError) error = NULL;
  guint outcome;

  self->is_refreshing = FALSE;
  /* A lost answer is no loss: the next one comes in time. */
  if (finish_control (PAK_SESSION (source), result, 1u << OUTCOME_REFRESHED, &outcome, &error)
      || pak_answer_is_lost (error) || self->refresh == NULL)
    return;
  end (self);
  error = explain (self, g_steal_pointer (&error));
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, error);
}

static gboolean
on_refresh_due_cb (gpointer data)
{
  PakSettingsSession *self = data;

  /* What runs just now keeps the device waiting as well. */
  if (!self->is_busy && !self->is_refreshing)
    {
      self->is_refreshing = TRUE;
      send_control (self->logger, ACTION_REFRESH, NULL, on_refreshed_cb, g_object_ref (self));
    }
  return G_SOURCE_CONTINUE;
}

static void
start_refreshing (PakSettingsSession *self, guint milliseconds)
{
  end (self);
  self->refresh = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->refresh, on_refresh_due_cb, self, NULL);
  g_source_attach (self->refresh, g_main_context_get_thread_default ());
}

/* One call at a time */

/* A task for a call, or NULL: then it has ended with an error already. */
static GTask *
start_call (PakSettingsSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  if (self->is_busy)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "The settings session is busy");
  else if (self->refresh == NULL)
    g_task_return_new_error (task, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_ENDED,
                             _ ("The session that changes settings is over"));
  else
    {
      self->is_busy = TRUE;
      return g_steal_pointer (&task);
    }
  return NULL;
}

/* Takes @error; NULL: success. */
static void
end_call (GTask *task, GError *error)
{
  PakSettingsSession *self = g_task_get_source_object (task);

  self->is_busy = FALSE;
  if (error != NULL)
    g_task_return_error (task, explain (self, error));
  else
    g_task_return_boolean (task, TRUE);
}

/* Calls */

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakSettingsSession *self = g_task_get_source_object (task);
  GPtrArray *settings = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *outcomes = pak_settings_write_finish (PAK_LOGGER (source), result, &error);

  if (outcomes == NULL)
    {
      end_call (task, error);
      return;
    }
  for (guint i = 0; i < outcomes->len; i++)
    if (((const PakSettingOutcome *) g_ptr_array_index (outcomes, i))->error == NULL)
      g_ptr_array_add (self->staged, pak_setting_copy (g_ptr_array_index (settings, i)));
  self->is_busy = FALSE;
  g_task_return_pointer (task, outcomes, (GDestroyNotify) g_ptr_array_unref);
}

static void
on_reverted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakSettingsSession *self = g_task_get_source_object (task);
  GError *error = NULL;
  guint outcome;

  if (finish_control (PAK_SESSION (source), result, 1u << OUTCOME_REVERTED, &outcome, &error))
    {
      self->is_reverted = TRUE;
      g_ptr_array_set_size (self->staged, 0);
    }
  end_call (task, error);
}

static void
on_cancelled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  guint outcome;

  finish_control (PAK_SESSION (source), result, CANCELLED, &outcome, &error);
  end_call (task, error);
}

/* Committing: an answer that does not come may be due to the restart */

static void
on_held_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakSettingsSession *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (PakDeviceSettings) device = pak_settings_read_finish (PAK_LOGGER (source), result, &error);

  if (device != NULL && !pak_settings_are_held (self->staged, device))
    g_set_error (&error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_ENDED,
                 _ ("The device forgot the changes: forty seconds went by without a word from here, or it restarted"));
  end_call (task, error);
}

/* There is nothing to commit: because an earlier command did, because nothing differed, or because it forgot. */
static void
find_out (GTask *task, GError *error)
{
  PakSettingsSession *self = g_task_get_source_object (task);

  if (self->staged->len == 0)
    {
      gboolean was_done = self->is_reverted && self->n_commits > 1;

      if (was_done)
        g_clear_error (&error);
      end_call (task, error);
      return;
    }
  g_clear_error (&error);
  pak_settings_read_async (self->logger, 0, G_MAXUINT16, g_task_get_cancellable (task), on_held_cb,
                           g_object_ref (task));
}

static void
on_committed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakSettingsSession *self = g_task_get_source_object (task);
  GError *error = NULL;
  guint outcome;

  if (finish_control (PAK_SESSION (source), result, 1u << OUTCOME_COMMITTED, &outcome, &error))
    end_call (task, NULL);
  else if (pak_answer_is_lost (error) && self->n_commits < MAX_COMMITS)
    {
      g_clear_error (&error);
      send_commit (task);
    }
  else if (g_error_matches (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_NO_CHANGES))
    find_out (task, error);
  else
    end_call (task, pak_answer_is_lost (error) ? pak_answer_uncertain (error) : error);
}

/* The second time it finds nothing to commit if the first one arrived: that decides. */
static void
send_commit (GTask *task)
{
  PakSettingsSession *self = g_task_get_source_object (task);

  self->n_commits++;
  send_control (self->logger, ACTION_COMMIT, g_task_get_cancellable (task), on_committed_cb, g_object_ref (task));
}

/* Beginning */

static void
on_begun_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakLogger *logger = g_task_get_source_object (task);
  GError *error = NULL;
  PakSettingsSession *self;
  guint outcome;

  if (!finish_control (PAK_SESSION (source), result, CANCELLED, &outcome, &error))
    {
      g_task_return_error (task, pak_logger_explain (logger, error, _ ("Changing settings")));
      return;
    }
  self = g_object_new (PAK_TYPE_SETTINGS_SESSION, NULL);
  self->logger = g_object_ref (logger);
  start_refreshing (self, REFRESH_INTERVAL);
  g_task_return_pointer (task, self, g_object_unref);
}

/* Nobody waits for it. */
static void
on_left_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, NULL);
}

static void
pak_settings_session_dispose (GObject *object)
{
  PakSettingsSession *self = PAK_SETTINGS_SESSION (object);

  if (self->refresh != NULL)
    send_control (self->logger, ACTION_CANCEL, NULL, on_left_cb, NULL);
  end (self);
  g_clear_object (&self->logger);
  G_OBJECT_CLASS (pak_settings_session_parent_class)->dispose (object);
}

static void
pak_settings_session_finalize (GObject *object)
{
  g_ptr_array_unref (PAK_SETTINGS_SESSION (object)->staged);
  G_OBJECT_CLASS (pak_settings_session_parent_class)->finalize (object);
}

static void
pak_settings_session_class_init (PakSettingsSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pak_settings_session_dispose;
  G_OBJECT_CLASS (klass)->finalize = pak_settings_session_finalize;

  signals[SIGNAL_ENDED] = g_signal_new ("ended", PAK_TYPE_SETTINGS_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
pak_settings_session_init (PakSettingsSession *self)
{
  self->staged = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_setting_free);
}

void
pak_settings_session_begin_async (PakLogger *logger, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer data)
{
  g_return_if_fail (PAK_IS_LOGGER (logger));

  /* What we set before our link was cut off must not be committed with what comes now. */
  send_control (logger, ACTION_CANCEL, cancellable, on_begun_cb, g_task_new (logger, cancellable, callback, data));
}

PakSettingsSession *
pak_settings_session_begin_finish (PakLogger *logger, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, logger), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pak_settings_session_set_async (PakSettingsSession *self, GPtrArray *settings, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (PAK_IS_SETTINGS_SESSION (self));

  GTask *task = start_call (self, cancellable, callback, data);

  if (task == NULL)
    return;
  g_task_set_task_data (task, g_ptr_array_ref (settings), (GDestroyNotify) g_ptr_array_unref);
  pak_settings_write_async (self->logger, settings, cancellable, on_written_cb, task);
}

GPtrArray *
pak_settings_session_set_finish (PakSettingsSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pak_settings_session_revert_async (PakSettingsSession *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer data)
{
  g_return_if_fail (PAK_IS_SETTINGS_SESSION (self));

  GTask *task = start_call (self, cancellable, callback, data);

  if (task != NULL)
    send_control (self->logger, ACTION_REVERT, cancellable, on_reverted_cb, task);
}

gboolean
pak_settings_session_revert_finish (PakSettingsSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pak_settings_session_commit_async (PakSettingsSession *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer data)
{
  g_return_if_fail (PAK_IS_SETTINGS_SESSION (self));

  g_autoptr (GTask) task = start_call (self, cancellable, callback, data);

  if (task == NULL)
    return;
  end (self);
  send_commit (task);
}

gboolean
pak_settings_session_commit_finish (PakSettingsSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
leave (PakSettingsSession *self, Action action, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = start_call (self, cancellable, callback, data);

  if (task == NULL)
    return;
  end (self);
  send_control (self->logger, action, cancellable, on_cancelled_cb, task);
}

void
pak_settings_session_cancel_async (PakSettingsSession *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer data)
{
  g_return_if_fail (PAK_IS_SETTINGS_SESSION (self));

  leave (self, ACTION_CANCEL, cancellable, callback, data);
}

gboolean
pak_settings_session_cancel_finish (PakSettingsSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pak_settings_session_reboot_async (PakSettingsSession *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer data)
{
  g_return_if_fail (PAK_IS_SETTINGS_SESSION (self));

  leave (self, ACTION_REBOOT, cancellable, callback, data);
}

gboolean
pak_settings_session_reboot_finish (PakSettingsSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pak_settings_session_set_refresh_interval (PakSettingsSession *self, guint milliseconds)
{
  g_return_if_fail (PAK_IS_SETTINGS_SESSION (self));
  g_return_if_fail (self->refresh != NULL);

  start_refreshing (self, milliseconds);
}
