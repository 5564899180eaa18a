/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/message.h"
#include "protocol/pakbus/pak-settings.h"

G_BEGIN_DECLS

/* Commands of PakCtrl that are about settings (manual 2.2.5, 2.2.6). */
#define PAK_MSG_GET_NAMED              0x07
#define PAK_MSG_SET_NAMED              0x08
#define PAK_MSG_DEVCONFIG_GET          0x0F
#define PAK_MSG_DEVCONFIG_SET          0x10
#define PAK_MSG_DEVCONFIG_GET_FRAGMENT 0x11
#define PAK_MSG_DEVCONFIG_SET_FRAGMENT 0x12
#define PAK_MSG_DEVCONFIG_CONTROL      0x13

/* What the answer to DEVCONFIG_SET says of one setting: no message of its own. */
#define PAK_MSG_DEVCONFIG_SET_ONE 0

/* Reads an answer of PakCtrl. */
PakMessage *pak_settings_decode (GBytes *answer, GError **error);
/*
 * Sets what @outcome of the answer to @command means, if it is no success: PAK_ERROR_PERMISSION or one of
 * PAK_SETTINGS_ERROR. @setting: the name of the one that it is about, or NULL.
 */
void        pak_settings_set_outcome_error (GError **error, guint command, guint outcome, const char *setting);
/* Whether the device holds each of @settings (element-type PakSetting) as it is there. */
gboolean    pak_settings_are_held          (GPtrArray *settings, const PakDeviceSettings *device);

/*
 * Sets @settings (element-type PakSetting), several a packet, and those longer than a packet in fragments. They take
 * effect when they are committed. After a lost answer they are read back, and what differs is set again: until the
 * commit that is no other than setting it once.
 */
void        pak_settings_write_async  (PakLogger *logger, GPtrArray *settings, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer data);
/* Returns: (element-type PakSettingOutcome): one a setting, in their order */
GPtrArray  *pak_settings_write_finish (PakLogger *logger, GAsyncResult *result, GError **error);

G_END_DECLS
