/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-time.h"

G_BEGIN_DECLS

/** OpSpan: what is looked at of records that reach from @first to @last. */
typedef struct
{
  OpTime first, last; /* OP_TIME_UNKNOWN when there are none */
  OpTime from, to;    /* from < to */
} OpSpan;

void     op_span_init        (OpSpan *span);
gboolean op_span_has_records (const OpSpan *span);
/** Other records: all of them are looked at. */
void     op_span_reset       (OpSpan *span, OpTime first, OpTime last);
/** More of the same: a span that reached the last record goes on to reach it, one that held all goes on to hold all. */
void     op_span_follow      (OpSpan *span, OpTime first, OpTime last);
/** More of the same, and the span stays where it is. */
void     op_span_grow        (OpSpan *span, OpTime first, OpTime last);
double   op_span_get_length  (const OpSpan *span);

/* None of these loses the records from sight, and without records none does anything. */
void     op_span_fit         (OpSpan *span);
/** Makes the span @factor times as long; @time keeps its place in the picture. */
void     op_span_zoom        (OpSpan *span, OpTime time, double factor);
/** Moves it, as long as it is, to end with the last record. */
void     op_span_go_to_end   (OpSpan *span);
/** Moves it by @part of its length, to later times when positive. */
void     op_span_pan         (OpSpan *span, double part);

G_END_DECLS
