/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peer.h"

#include "protocol/logger-changes.h"
#include "protocol/pakbus/pak-logger.h"

G_BEGIN_DECLS

/*
 * Conversation: an open PakBus logger, address 1, security code 0x1234, and the scripted peer that plays it. Our
 * address is 4079 = FEF. Messages are hex from their type on.
 */
typedef struct
{
  Peer     *peer;
  OpLogger *logger;
} Conversation;

void conversation_set_up    (Conversation *c, gconstpointer data);
/* Nothing may have come that was not expected. */
void conversation_tear_down (Conversation *c, gconstpointer data);

/* Hex texts: of bytes, and of a text with its NUL. */
char *hex_of_bytes (const guint8 *bytes, gsize length);
char *hex_of_text  (const char *text);

/* A BMP5 message from us, or to us. */
void expect_message (Conversation *c, const char *format, ...) G_GNUC_PRINTF (2, 3);
void send_message   (Conversation *c, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* What damages a link: afterwards it counts as noisy. */
void make_noise     (Conversation *c);

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
