/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Benchmarks print ratios measured in one run, a line each, and judge nothing but against the goal that they name.
 */

void bench_decode  (void);
void bench_collect (void);
void bench_link    (void);
void bench_many    (void);
void bench_plot    (void);
void bench_pyramid (void);
void bench_records (void);
void bench_tob1    (void);

/** Plays the stations of bench_many() if the arguments say so. Returns: whether they did. */
gboolean bench_many_serve (int argc, char **argv);
/** Writes the store and the values of ten million records for bench-peers if the arguments say so. */
gboolean bench_records_make (int argc, char **argv);

/** Prints a line: what, its measure, and how it stands to its goal. */
void   bench_say  (const char *what, double value, const char *unit, double goal, gboolean at_least);
/** Seconds that have passed, of a clock that only goes forward. */
double bench_now  (void);
/** The value below which @share of @values lie; sorts them. */
double bench_percentile (GArray *values, double share);
/* Waiting for one asynchronous call: pass bench_keep_cb and the address of a NULL GAsyncResult pointer. */
void          bench_keep_cb (GObject *source, GAsyncResult *result, gpointer data);
GAsyncResult *bench_await   (GAsyncResult **result);

G_END_DECLS
