/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/program-job-200.h"

#include <glib/gi18n-lib.h>

#define EXTENSION ".bin"
#define MAX_TRIES 3 /* of what was found not done */

/* How far the job is when a step begins. */
#define FRACTION_SENDING 0.05
#define FRACTION_RUNNING 0.9
#define FRACTION_LOOKING 0.95

#define COMPILE_RUNNING 1 /* manual 2.3.3.5 */

struct _PakProgramJob200
{
  GObject parent_instance;

  OpLogger   *logger;
  char       *name;
  GBytes     *program;
  double      fraction;
  const char *message;
  guint       n_tries; /* of the running step */
  guint       n_begun; /* how often it was stopped and deleted to be sent */
};

enum
{
  PROP_0,
  PROP_FRACTION,
  PROP_MESSAGE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (PakProgramJob200, pak_program_job_200, G_TYPE_OBJECT)

static void
set_fraction (PakProgramJob200 *self, double fraction)
{
  self->fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FRACTION]);
}

static void
begin_step (PakProgramJob200 *self, double fraction, const char *message)
{
  self->n_tries = 0;
  self->message = message;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MESSAGE]);
  set_fraction (self, fraction);
}

/* Whether a step that failed is known not to have been done, so that it can come again. */
static gboolean
may_try_again (PakProgramJob200 *self, const GError *error)
{
  return g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE) && ++self->n_tries < MAX_TRIES;
}

/* What became of it */

static GError *
new_not_running_error (const OpProgramState *state)
{
  const char *result = *state->compile_result != '\0' ? state->compile_result : _ ("the logger does not say why");

  return g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_REFUSED,
                      _ ("The program was sent, but the logger does not run it (%s). A program must be compiled for "
                         "the operating system of the logger, which is %s."),
                      result, state->os_version);
}

static void
on_program_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakProgramJob200 *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (OpProgramState) state = op_logger_read_program_finish (OP_LOGGER (source), result, &error);

  if (state != NULL && state->compile_state != COMPILE_RUNNING)
    error = new_not_running_error (state);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  set_fraction (self, 1);
  g_task_return_pointer (task, g_steal_pointer (&state), (GDestroyNotify) op_program_state_free);
}

/* Running */

static void run_program (GTask *task);

static void
on_run_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakProgramJob200 *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (op_logger_control_file_finish (OP_LOGGER (source), result, NULL, &error))
    {
      begin_step (self, FRACTION_LOOKING, _ ("Looking whether the program runs"));
      op_logger_read_program_async (self->logger, g_task_get_cancellable (task), on_program_read_cb,
                                    g_object_ref (task));
    }
  else if (may_try_again (self, error))
    {
      g_clear_error (&error);
      run_program (task);
    }
  else
    g_task_return_error (task, error);
}

static void
run_program (GTask *task)
{
  PakProgramJob200 *self = g_task_get_source_object (task);

  op_logger_control_file_async (self->logger, self->name, OP_FILE_COMMAND_RUN, g_task_get_cancellable (task),
                                on_run_cb, g_object_ref (task));
}

/* Sending */

static void
on_sending_cb (guint64 done, guint64 expected, gpointer data)
{
  if (expected > 0)
    set_fraction (data, FRACTION_SENDING + (FRACTION_RUNNING - FRACTION_SENDING) * done / expected);
}

static void begin (GTask *task);

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakProgramJob200 *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!op_logger_put_file_finish (OP_LOGGER (source), result, NULL, &error))
    {
      /* It came whole, and the answer was lost: what takes the only room is the program itself. */
      if (g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ROOM) && self->n_begun < MAX_TRIES)
        {
          g_clear_error (&error);
          begin (task);
        }
      else
        g_task_return_error (task, error);
      return;
    }
  begin_step (self, FRACTION_RUNNING, _ ("Starting the program"));
  run_program (task);
}

/* Stopping */

static void stop_program (GTask *task);

static void
on_stopped_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PakProgramJob200 *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (op_logger_control_file_finish (OP_LOGGER (source), result, NULL, &error))
    {
      begin_step (self, FRACTION_SENDING, _ ("Sending the program"));
      op_logger_put_file_async (self->logger, self->name, self->program, on_sending_cb, self,
                                g_task_get_cancellable (task), on_sent_cb, g_object_ref (task));
    }
  else if (may_try_again (self, error))
    {
      g_clear_error (&error);
      stop_program (task);
    }
  else
    g_task_return_error (task, error);
}

static void
stop_program (GTask *task)
{
  PakProgramJob200 *self = g_task_get_source_object (task);

  op_logger_control_file_async (self->logger, self->name, OP_FILE_COMMAND_STOP_DELETE, g_task_get_cancellable (task),
                                on_stopped_cb, g_object_ref (task));
}

static void
begin (GTask *task)
{
  PakProgramJob200 *self = g_task_get_source_object (task);

  self->n_begun++;
  begin_step (self, 0, _ ("Stopping the running program"));
  stop_program (task);
}

static void
pak_program_job_200_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  PakProgramJob200 *self = PAK_PROGRAM_JOB_200 (object);

  switch (id)
    {
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
      break;
    }
}

static void
pak_program_job_200_finalize (GObject *object)
{
  PakProgramJob200 *self = PAK_PROGRAM_JOB_200 (object);

  g_object_unref (self->logger);
  g_free (self->name);
  g_bytes_unref (self->program);
  G_OBJECT_CLASS (pak_program_job_200_parent_class)->finalize (object);
}

static void
pak_program_job_200_class_init (PakProgramJob200Class *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pak_program_job_200_get_property;
  object_class->finalize = pak_program_job_200_finalize;

  props[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pak_program_job_200_init (PakProgramJob200 *self)
{
  self->message = "";
}

PakProgramJob200 *
pak_program_job_200_new (PakLogger *logger, const char *name, GBytes *program)
{
  g_return_val_if_fail (PAK_IS_LOGGER (logger), NULL);
  g_return_val_if_fail (name != NULL && program != NULL, NULL);

  PakProgramJob200 *self = g_object_new (PAK_TYPE_PROGRAM_JOB_200, NULL);

  self->logger = g_object_ref (OP_LOGGER (logger));
  self->name = g_strdup (name);
  self->program = g_bytes_ref (program);
  return self;
}

void
pak_program_job_200_run_async (PakProgramJob200 *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer data)
{
  g_return_if_fail (PAK_IS_PROGRAM_JOB_200 (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  g_autofree char *lower = g_ascii_strdown (self->name, -1);

  if (!pak_logger_has_named_settings (PAK_LOGGER (self->logger)))
    g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNSUPPORTED,
                             _ ("Only loggers of the CR200 series take programs in this way"));
  else if (!g_str_has_suffix (lower, EXTENSION))
    g_task_return_new_error (task, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNSUPPORTED,
                             _ ("%s is no compiled program: loggers of the CR200 series take only those, whose names "
                                "end in “.bin”"), self->name);
  else
    begin (task);
}

OpProgramState *
pak_program_job_200_run_finish (PakProgramJob200 *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

double
pak_program_job_200_get_fraction (PakProgramJob200 *self)
{
  g_return_val_if_fail (PAK_IS_PROGRAM_JOB_200 (self), 0);

  return self->fraction;
}

const char *
pak_program_job_200_get_message (PakProgramJob200 *self)
{
  g_return_val_if_fail (PAK_IS_PROGRAM_JOB_200 (self), NULL);

  return self->message;
}
