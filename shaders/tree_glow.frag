// SPDX-License-Identifier: Apache-2.0 OR MIT
#version 440

// A glow over the heat map of a commP tree, where nodes are being hashed: at the front of the work, rising to the root.
layout(location = 0) in vec2 qt_TexCoord0;
layout(location = 0) out vec4 fragColor;

layout(std140, binding = 0) uniform buf {
    mat4 qt_Matrix;
    float qt_Opacity;
    float time;        // seconds; 0 where nothing moves
    float progress;    // 0 to 1: how much of the leaves is done
    float levels;      // of the tree
    float backward;    // 1: from right to left
    vec4 color;
};

float noise(vec2 at) { return fract(sin(dot(at, vec2(12.9898, 78.233))) * 43758.5453); }

void main() {
    float x = mix(qt_TexCoord0.x, 1.0 - qt_TexCoord0.x, backward);
    float row = floor(qt_TexCoord0.y * max(levels, 1.0));
    float away = (x - progress) * 14.0;
    // Behind the front embers, before it nothing.
    float front = exp(-away * away);
    float embers = x < progress ? exp((x - progress) * 9.0) * noise(vec2(floor(x * 160.0), row + floor(time * 6.0))) : 0.0;
    float rise = 0.75 + 0.25 * sin(time * 3.0 - qt_TexCoord0.y * 9.0);
    float busy = step(0.0001, progress) * step(progress, 0.9999);
    float alpha = clamp((front * 0.65 + embers * 0.35) * rise * busy, 0.0, 1.0) * color.a * qt_Opacity;
    fragColor = vec4(color.rgb * alpha, alpha);
}
