/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"

G_BEGIN_DECLS

/*
 * What changes a logger, and what has to do with it: clock, files, program, values, tables. Each fails with
 * OP_LOGGER_ERROR_UNSUPPORTED where the family cannot do it.
 *
 * Success means that it was done. A change is never repeated blindly: when its answer is lost, the logger is
 * looked at, and what shows that it was done counts as success. Otherwise OP_LOGGER_ERROR_NOT_DONE says that it can
 * safely be tried again, OP_LOGGER_ERROR_UNCERTAIN that nobody knows. After errors of the link and after cancelling,
 * nobody has looked.
 */

/**
 * Adds @adjustment (ns) to the clock, once. @before: a reading made shortly before, which the adjustment was worked
 * out from; what a lost answer leaves open is decided against it.
 */
void               op_logger_adjust_clock_async  (OpLogger *self, gint64 adjustment, const OpClockReading *before,
                                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                                  gpointer data);
OpClockAdjustment *op_logger_adjust_clock_finish (OpLogger *self, GAsyncResult *result, GError **error);

void            op_logger_read_program_async  (OpLogger *self, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer data);
OpProgramState *op_logger_read_program_finish (OpLogger *self, GAsyncResult *result, GError **error);

void       op_logger_list_files_async  (OpLogger *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer data);
/** Returns: (element-type OpDeviceFile) (transfer full): drives too */
GPtrArray *op_logger_list_files_finish (OpLogger *self, GAsyncResult *result, GError **error);
/**
 * Appends the file to @content from the byte on that follows what @content holds already; what came before an error
 * stays there, so that a later call can go on. @expected: its size for @progress, 0 when not known.
 */
void       op_logger_get_file_async    (OpLogger *self, const char *name, GByteArray *content, guint64 expected,
                                        OpProgressFunc progress, gpointer func_data, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer data);
gboolean   op_logger_get_file_finish   (OpLogger *self, GAsyncResult *result, GError **error);
/** Writes a file, and reads it back to compare; @progress counts bytes both ways. */
void       op_logger_put_file_async    (OpLogger *self, const char *name, GBytes *content, OpProgressFunc progress,
                                        gpointer func_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer data);
/** @verified: FALSE when the device lets nobody read it back. */
gboolean   op_logger_put_file_finish   (OpLogger *self, GAsyncResult *result, gboolean *verified, GError **error);
/** @name may be empty where the command is for the running program, or clears what runs on power-up. */
void       op_logger_control_file_async  (OpLogger *self, const char *name, OpFileCommand command,
                                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/**
 * @hold_off_s: seconds for which the logger asked to be left alone. Requests on this link wait by themselves; the
 * link may drop meanwhile.
 */
gboolean   op_logger_control_file_finish (OpLogger *self, GAsyncResult *result, guint *hold_off_s, GError **error);

void          op_logger_get_values_async  (OpLogger *self, const OpValueSpan *span, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer data);
/** Returns: bytes that fit @span (op_value_span_check()) */
GBytes       *op_logger_get_values_finish (OpLogger *self, GAsyncResult *result, GError **error);
/** @values must fit @span. What does not fit into one message is set in several, in order. */
void          op_logger_set_values_async  (OpLogger *self, const OpValueSpan *span, GBytes *values,
                                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
OpSetOutcome *op_logger_set_values_finish (OpLogger *self, GAsyncResult *result, GError **error);

void     op_logger_control_table_async  (OpLogger *self, OpTable *table, OpTableCommand command,
                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean op_logger_control_table_finish (OpLogger *self, GAsyncResult *result, GError **error);

G_END_DECLS
