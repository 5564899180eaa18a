/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outcome.h"

#include "protocol/logger-changes.h"

void
clear_outcome (Outcome *outcome, GDestroyNotify free_pointer)
{
  if (outcome->pointer != NULL)
    free_pointer (outcome->pointer);
  g_clear_error (&outcome->error);
  *outcome = (Outcome) { 0 };
}

#define DEFINE_CALLBACK(name, statement)                                                                            \
  void on_##name##_cb (GObject *source, GAsyncResult *result, gpointer data)                                        \
  {                                                                                                                 \
    OpLogger *logger = OP_LOGGER (source);                                                                          \
    Outcome *o = data;                                                                                              \
                                                                                                                    \
    g_assert_false (o->done);                                                                                       \
    statement;                                                                                                      \
    o->succeeded = o->error == NULL;                                                                                \
    o->done = TRUE;                                                                                                 \
  }

DEFINE_CALLBACK (clock_adjusted, o->pointer = op_logger_adjust_clock_finish (logger, result, &o->error))
DEFINE_CALLBACK (program_read, o->pointer = op_logger_read_program_finish (logger, result, &o->error))
DEFINE_CALLBACK (files_listed, o->pointer = op_logger_list_files_finish (logger, result, &o->error))
DEFINE_CALLBACK (file_got, op_logger_get_file_finish (logger, result, &o->error))
DEFINE_CALLBACK (file_put, gboolean verified = FALSE; op_logger_put_file_finish (logger, result, &verified, &o->error);
                 o->number = (guint) verified)
DEFINE_CALLBACK (file_controlled, op_logger_control_file_finish (logger, result, &o->number, &o->error))
DEFINE_CALLBACK (values_got, o->pointer = op_logger_get_values_finish (logger, result, &o->error))
DEFINE_CALLBACK (values_set, o->pointer = op_logger_set_values_finish (logger, result, &o->error))
DEFINE_CALLBACK (table_controlled, op_logger_control_table_finish (logger, result, &o->error))
