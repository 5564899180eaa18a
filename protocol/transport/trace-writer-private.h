/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** OpTraceWriter: a thread that writes text to a stream in order, so that nobody waits for a disk. */
typedef struct _OpTraceWriter OpTraceWriter;

OpTraceWriter *op_trace_writer_new   (GOutputStream *stream);
/** Takes @text. */
void           op_trace_writer_write (OpTraceWriter *writer, char *text);
/** Waits until all is written. */
void           op_trace_writer_free  (OpTraceWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpTraceWriter, op_trace_writer_free)

G_END_DECLS
