// SPDX-License-Identifier: Apache-2.0 OR MIT
#version 440

// A soft light around the line of the present. The effect is as wide as the light; the line is in its middle.
layout(location = 0) in vec2 qt_TexCoord0;
layout(location = 0) out vec4 fragColor;

layout(std140, binding = 0) uniform buf {
    mat4 qt_Matrix;
    float qt_Opacity;
    float time;        // seconds; 0 where nothing moves
    float strength;    // 0 to 1
    vec4 color;
};

void main() {
    float away = abs(qt_TexCoord0.x - 0.5) * 2.0;
    float light = exp(-away * away * 6.0) - exp(-6.0);
    // Fades at both ends, and breathes.
    float ends = smoothstep(0.0, 0.06, qt_TexCoord0.y) * smoothstep(0.0, 0.06, 1.0 - qt_TexCoord0.y);
    float breath = 0.86 + 0.14 * cos(time * 1.6 + qt_TexCoord0.y * 2.0);
    // Never so bright that what it lies over cannot be read.
    float alpha = 0.45 * clamp(light * ends * breath * strength, 0.0, 1.0) * color.a * qt_Opacity;
    fragColor = vec4(color.rgb * alpha, alpha);
}
