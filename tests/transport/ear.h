/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/** Ear: opens a transport and keeps what it says, for tests. Waiting runs the thread's main context. */
typedef struct
{
  OpTransport  *transport; /* owned */
  GByteArray   *heard;
  guint         n_received;
  guint         n_closed;
  GError       *closed;    /* of the last "closed" */
  guint         n_opened;  /* completed openings, either way */
  GError       *failed;    /* of the last opening */
  gboolean      echo;      /* send back what comes */
} Ear;

/** Takes @transport. */
Ear     *ear_new          (OpTransport *transport);
void     ear_free         (Ear *ear);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ear, ear_free)
void     ear_start_open   (Ear *ear, GCancellable *cancellable);
/** Opens and waits until that ended. Returns: whether it is open. */
gboolean ear_open         (Ear *ear);
void     ear_wait_opened  (Ear *ear, guint n_opened);
void     ear_wait_heard   (Ear *ear, gsize length);
void     ear_wait_closed  (Ear *ear);
void     ear_send_text    (Ear *ear, const char *text);
/** Asserts that exactly @text was heard, and forgets it. */
void     ear_assert_heard (Ear *ear, const char *text);

/** Fails the test when @done does not come true, as the main context runs, within 20 s. */
void     wait_until       (gboolean (*done) (gpointer data), gpointer data);
/** Runs what is ready in the main context until nothing is. */
void     settle           (void);
/** Bytes that tell order and loss: each depends on its place. */
GBytes  *pattern_new      (gsize length);
guint    count_fds        (void);

G_END_DECLS
