/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peer.h"

#include "protocol/pakbus/session.h"

G_BEGIN_DECLS

/* The packets that recur. */
#define CLOCK_COMMAND  "A0 01 5F EF 10 01 0F EF 17 TT 00 00 00 00 00 00 00 00 00 00"
#define CLOCK_RESPONSE "AF EF 00 01 1F EF 00 01 97 TT 00 1B FA 2A 61 05 F5 E1 00"

/* A session of address 4079 = FEF, open with node 1, which a test plays. */
typedef struct
{
  Peer       *peer;
  PakSession *session;
  GString    *seen; /* addresses of "node-seen" */
} Fixture;

void set_up        (Fixture *f, gconstpointer data);
void set_up_closed (Fixture *f, gconstpointer data);
void tear_down     (Fixture *f, gconstpointer data);

/* What an asynchronous call came to; on_…_cb() fill it in. */
typedef struct
{
  gboolean done;
  guint    neighbour;
  GBytes  *answer;
  gint64   round_trip;
  GError  *error;
} Outcome;

void clear_outcome    (Outcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, clear_outcome)

void on_opened_cb     (GObject *source, GAsyncResult *result, gpointer data);
void on_transacted_cb (GObject *source, GAsyncResult *result, gpointer data);

/* A request of the clock, and its answer. */
PakMessage *new_clock_command     (void);
void        ask_clock             (Fixture *f, PakRepeat repeat, GCancellable *cancellable, Outcome *outcome);
void        assert_clock_answered (Outcome *outcome, Peer *peer);
/* The session works: a clock request is answered. */
void        assert_works          (Fixture *f);

G_END_DECLS
