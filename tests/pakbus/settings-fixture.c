/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings-fixture.h"

#include <string.h>

void
clear_outcome (Outcome *outcome)
{
  g_clear_pointer (&outcome->device, pak_device_settings_free);
  g_clear_pointer (&outcome->list, g_ptr_array_unref);
  g_clear_object (&outcome->session);
  g_clear_pointer (&outcome->echo, g_free);
  g_clear_error (&outcome->error);
  *outcome = (Outcome) { 0 };
}

#define DEFINE_CALLBACK(name, statement)                                                                            \
  void on_##name##_cb (GObject *source, GAsyncResult *result, gpointer data)                                        \
  {                                                                                                                 \
    Outcome *outcome = data;                                                                                        \
                                                                                                                    \
    g_assert_false (outcome->done);                                                                                 \
    statement;                                                                                                      \
    outcome->done = TRUE;                                                                                           \
  }

#define LOGGER  PAK_LOGGER (source)
#define SESSION PAK_SETTINGS_SESSION (source)

DEFINE_CALLBACK (read, outcome->device = pak_settings_read_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (got_named, outcome->list = pak_settings_get_named_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (set_named, outcome->succeeded = pak_settings_set_named_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (begun, outcome->session = pak_settings_session_begin_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (echoed, outcome->echo = pak_echo_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (set, outcome->list = pak_settings_session_set_finish (SESSION, result, &outcome->error))
DEFINE_CALLBACK (committed, outcome->succeeded = pak_settings_session_commit_finish (SESSION, result, &outcome->error))
DEFINE_CALLBACK (reverted, outcome->succeeded = pak_settings_session_revert_finish (SESSION, result, &outcome->error))
DEFINE_CALLBACK (cancelled, outcome->succeeded = pak_settings_session_cancel_finish (SESSION, result, &outcome->error))
DEFINE_CALLBACK (rebooted, outcome->succeeded = pak_settings_session_reboot_finish (SESSION, result, &outcome->error))

void
set_up (Fixture *f, gconstpointer data)
{
  conversation_set_up (&f->base, data);
}

void
set_up_session (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  set_up (f, data);
  pak_settings_session_begin_async (PAK_LOGGER (f->base.logger), NULL, on_begun_cb, &outcome);
  peer_expect (f->base.peer, CANCEL);
  peer_send (f->base.peer, CONTROLLED ("03"));
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  f->session = g_steal_pointer (&outcome.session);
}

void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->session);
  conversation_tear_down (&f->base, data);
}

void
assert_fails (Outcome *outcome, GQuark domain, gint code, const char *words)
{
  wait_for (&outcome->done);
  g_assert_error (outcome->error, domain, code);
  g_assert_nonnull (strstr (outcome->error->message, words));
}

void
assert_succeeds (Outcome *outcome)
{
  wait_for (&outcome->done);
  g_assert_no_error (outcome->error);
}
