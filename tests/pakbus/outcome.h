/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What an asynchronous call came to; on_…_cb() fill it in. */
typedef struct
{
  gboolean done;
  gboolean succeeded;
  guint    number;
  gpointer pointer;
  GError  *error;
} Outcome;
void clear_outcome (Outcome *outcome, GDestroyNotify free_pointer);

void on_clock_adjusted_cb   (GObject *source, GAsyncResult *result, gpointer data);
void on_program_read_cb     (GObject *source, GAsyncResult *result, gpointer data);
void on_files_listed_cb     (GObject *source, GAsyncResult *result, gpointer data);
void on_file_got_cb         (GObject *source, GAsyncResult *result, gpointer data);
void on_file_put_cb         (GObject *source, GAsyncResult *result, gpointer data);
void on_file_controlled_cb  (GObject *source, GAsyncResult *result, gpointer data);
void on_values_got_cb       (GObject *source, GAsyncResult *result, gpointer data);
void on_values_set_cb       (GObject *source, GAsyncResult *result, gpointer data);
void on_table_controlled_cb (GObject *source, GAsyncResult *result, gpointer data);

G_END_DECLS
