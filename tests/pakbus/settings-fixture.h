/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "conversation.h"

#include "protocol/pakbus/echo.h"
#include "protocol/pakbus/settings-session.h"

G_BEGIN_DECLS

/* What begins a message of PakCtrl, which settings are asked for and changed with. */
#define TO_CONTROL   "A0 01 5F EF 00 01 0F EF "
#define FROM_CONTROL "AF EF 00 01 0F EF 00 01 "

#define GET(ids)            TO_CONTROL "0F TT 12 34" ids
#define GOT(more, settings) FROM_CONTROL "8F TT 01 00 0C 05 00 " more settings
#define CONTROL(action)     TO_CONTROL "13 TT 12 34 " action
#define CONTROLLED(outcome) FROM_CONTROL "93 TT " outcome
#define CANCEL              CONTROL ("02")

/* Settings as a logger gives them. */
#define STATION_LABO " 00 02 00 05 4C 41 42 4F 00"
#define ADDRESS_1    " 00 03 00 02 00 01"
#define NODES_50     " 00 06 00 02 00 32"
#define ROUTES_NONE  " 00 30 40 00"

/* A conversation, and a session of changes where one was begun. */
typedef struct
{
  Conversation        base;
  PakSettingsSession *session;
} Fixture;

void set_up         (Fixture *f, gconstpointer data);
void set_up_session (Fixture *f, gconstpointer data);
void tear_down      (Fixture *f, gconstpointer data);

/* What an asynchronous call came to; on_…_cb() fill it in. */
typedef struct
{
  gboolean            done;
  gboolean            succeeded;
  PakDeviceSettings  *device;
  GPtrArray          *list;
  PakSettingsSession *session;
  PakEcho            *echo;
  GError             *error;
} Outcome;

void clear_outcome   (Outcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, clear_outcome)

/* Waits for the outcome, which is an error with the words in it. */
void assert_fails    (Outcome *outcome, GQuark domain, gint code, const char *words);
void assert_succeeds (Outcome *outcome);

void on_read_cb      (GObject *source, GAsyncResult *result, gpointer data);
void on_got_named_cb (GObject *source, GAsyncResult *result, gpointer data);
void on_set_named_cb (GObject *source, GAsyncResult *result, gpointer data);
void on_begun_cb     (GObject *source, GAsyncResult *result, gpointer data);
void on_echoed_cb    (GObject *source, GAsyncResult *result, gpointer data);
void on_set_cb       (GObject *source, GAsyncResult *result, gpointer data);
void on_committed_cb (GObject *source, GAsyncResult *result, gpointer data);
void on_reverted_cb  (GObject *source, GAsyncResult *result, gpointer data);
void on_cancelled_cb (GObject *source, GAsyncResult *result, gpointer data);
void on_rebooted_cb  (GObject *source, GAsyncResult *result, gpointer data);

G_END_DECLS
