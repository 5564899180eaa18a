/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/records.h"

G_BEGIN_DECLS

/** OpStatistics: what a column holds in a span of time. All but the counts is NAN when there is no value. */
typedef struct
{
  guint64 n_values;
  guint64 n_nan;      /* records without a number: NAN, infinities, and what stands for out of range */
  guint64 n_out_of_order; /* records, with a value or not, whose time comes before, or is, that of an earlier one */
  double  coverage;   /* intervals that have a value, of those of the span: 0 to 1; NAN without an interval */
  double  mean;
  double  deviation;  /* standard, of the sample; NAN for fewer than two */
  double  min, max;
  OpTime  min_time, max_time; /* of the first such record */
  double  first, last;        /* values, in the order of records */
  OpTime  first_time, last_time;
  double  sum;
} OpStatistics;

/** Adds values one by one; begin with op_statistics_init(). Neither coverage nor order is looked at. */
void          op_statistics_init   (OpStatistics *statistics);
void          op_statistics_add    (OpStatistics *statistics, OpTime time, double value);
/** Ends adding. */
void          op_statistics_finish (OpStatistics *statistics);

/** All there is of @column between @from and @to, both included; worked out by a thread. */
void          op_statistics_read_async  (OpRecords *records, guint column, OpTime from, OpTime to,
                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** Free it with g_free(). */
OpStatistics *op_statistics_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
