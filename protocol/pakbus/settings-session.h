/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/pak-settings.h"

G_BEGIN_DECLS

/**
 * PakSettingsSession: changes to settings by number that take effect together (manual 2.2.6.2 to 2.2.6.5).
 *
 * begin → set…, revert → commit or cancel. The device forgets what was set forty seconds after the last message
 * of the session; while this object lives it is kept waiting. One call at a time: the next one fails with
 * G_IO_ERROR_PENDING. Dropping it without a commit cancels. Calls fail with OP_LOGGER_ERROR or PAK_SETTINGS_ERROR.
 *
 * Signal "ended" (GError *error): the session could not be kept; what was set is lost.
 */
#define PAK_TYPE_SETTINGS_SESSION (pak_settings_session_get_type ())
G_DECLARE_FINAL_TYPE (PakSettingsSession, pak_settings_session, PAK, SETTINGS_SESSION, GObject)

/**
 * Asks whether the security code allows changes, and whether no other client has begun some. What this one left
 * uncommitted is forgotten.
 */
void                pak_settings_session_begin_async   (PakLogger *logger, GCancellable *cancellable,
                                                        GAsyncReadyCallback callback, gpointer data);
PakSettingsSession *pak_settings_session_begin_finish  (PakLogger *logger, GAsyncResult *result, GError **error);

/** @settings: (element-type PakSetting). */
void                pak_settings_session_set_async     (PakSettingsSession *self, GPtrArray *settings,
                                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                                        gpointer data);
/** Returns: (element-type PakSettingOutcome): one a setting, in their order; some may have been refused */
GPtrArray          *pak_settings_session_set_finish    (PakSettingsSession *self, GAsyncResult *result, GError **error);
/** All settings become the factory's when committed. */
void                pak_settings_session_revert_async  (PakSettingsSession *self, GCancellable *cancellable,
                                                        GAsyncReadyCallback callback, gpointer data);
gboolean            pak_settings_session_revert_finish (PakSettingsSession *self, GAsyncResult *result, GError **error);
/** The device keeps the changes and restarts: the link drops. Ends the session. */
void                pak_settings_session_commit_async  (PakSettingsSession *self, GCancellable *cancellable,
                                                        GAsyncReadyCallback callback, gpointer data);
gboolean            pak_settings_session_commit_finish (PakSettingsSession *self, GAsyncResult *result, GError **error);
/** The device forgets the changes. Ends the session. */
void                pak_settings_session_cancel_async  (PakSettingsSession *self, GCancellable *cancellable,
                                                        GAsyncReadyCallback callback, gpointer data);
gboolean            pak_settings_session_cancel_finish (PakSettingsSession *self, GAsyncResult *result, GError **error);
/** The device forgets the changes and restarts. Ends the session. */
void                pak_settings_session_reboot_async  (PakSettingsSession *self, GCancellable *cancellable,
                                                        GAsyncReadyCallback callback, gpointer data);
gboolean            pak_settings_session_reboot_finish (PakSettingsSession *self, GAsyncResult *result, GError **error);

/** How often the device is told to go on waiting; fifteen seconds unless set. */
void                pak_settings_session_set_refresh_interval (PakSettingsSession *self, guint milliseconds);

G_END_DECLS
